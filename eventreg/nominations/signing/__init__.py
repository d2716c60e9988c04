"""A nomination signed by its department's head, and what its nominee agrees to."""
