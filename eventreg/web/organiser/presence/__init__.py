"""Who is here and who is not yet."""
