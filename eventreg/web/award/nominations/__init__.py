"""The nominations of a department: whom it nominates, in which order."""
