"""The files of a campaign's page: a picture, the plan, a map."""
