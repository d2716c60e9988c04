"""How many places a campaign has, and for whom."""
