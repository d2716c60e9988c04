"""Take somebody out of a campaign."""
