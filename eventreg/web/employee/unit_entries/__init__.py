"""A unit contact enters colleagues by a list of staff numbers."""
