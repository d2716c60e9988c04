"""The interface for the script of a paired phone."""
