"""Words of signing up."""
