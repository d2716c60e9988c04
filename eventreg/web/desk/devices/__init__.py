"""The organiser's list of paired phones."""
