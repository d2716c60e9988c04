"""What is at the address of a calendar feed."""
