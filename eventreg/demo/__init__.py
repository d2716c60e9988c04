"""The demo: a company of invented people and the plan's three campaigns, numbers unchanged."""
