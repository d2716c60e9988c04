"""The roster import by page."""
