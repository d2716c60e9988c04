"""What concerns an award, in words."""
