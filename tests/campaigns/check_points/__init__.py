"""Check points as rows of a campaign."""
