"""The files of a nomination."""
