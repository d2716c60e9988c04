"""Messages that organisers write."""
