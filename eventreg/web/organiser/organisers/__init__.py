"""The organisers of a campaign."""
