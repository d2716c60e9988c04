"""The roster import in the browser."""
