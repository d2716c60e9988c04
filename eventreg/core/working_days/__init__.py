"""Working days: which days people work on, as the State Council announces it year by year."""
