"""The mail settings, and a test letter."""
