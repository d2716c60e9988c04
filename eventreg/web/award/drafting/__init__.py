"""One nomination while it is written: saved, counted, submitted."""
