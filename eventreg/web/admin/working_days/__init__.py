"""Working days: the year's days off and worked weekends."""
