"""What is stored about oneself."""
