"""Make, change, preview, publish and close a campaign."""
