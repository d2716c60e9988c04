"""The organiser's campaigns, and the roster of one."""
