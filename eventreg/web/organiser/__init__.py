"""How an organiser sets a campaign up, changes it and follows it."""
