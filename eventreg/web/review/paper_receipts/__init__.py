"""Papers that arrive at the desk."""
