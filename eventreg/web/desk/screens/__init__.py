"""Screens at the venue: the organiser's list, and the full-screen page itself."""
