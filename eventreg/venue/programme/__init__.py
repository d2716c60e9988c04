"""What is performed: the list of forfeits with its order."""
