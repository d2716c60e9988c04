"""The public notice (公示): until when it runs, and who comes next."""
