"""HR's look at the quota table of an award."""
