"""The base of the forms, and forms that come back with what was typed."""
