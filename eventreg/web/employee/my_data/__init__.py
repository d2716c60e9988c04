"""What is stored about the visitor."""
