"""What the script of a paired phone asks and says."""
