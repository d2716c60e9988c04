"""The activities of a campaign."""
