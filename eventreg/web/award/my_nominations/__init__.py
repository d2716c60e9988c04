"""What a nominee sees of a nomination, and their consent to it."""
