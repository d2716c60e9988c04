"""Who was asked to confirm, and what they answered."""
