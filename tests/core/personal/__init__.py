"""Numbers and dates that tell who somebody is, found in texts."""
