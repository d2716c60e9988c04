"""Replace a lost ticket."""
