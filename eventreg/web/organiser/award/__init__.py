"""The settings of an award."""
