"""Letters that were sent, wait or failed."""
