"""Who organises a campaign."""
