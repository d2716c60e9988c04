"""An organiser's own messages."""
