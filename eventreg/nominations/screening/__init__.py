"""HR's screening: checks, search, comparison of texts, and the distribution of nominees."""
