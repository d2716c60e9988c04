"""The files on a campaign's page: a picture, the plan as a PDF, a map. Everybody gets the copies, nobody the originals."""
