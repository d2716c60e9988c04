"""The day at the venue: where its pages are, and its check points."""
