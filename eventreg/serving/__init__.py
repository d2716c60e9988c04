"""Serving: one process of waitress, or several workers of granian, and how they start, share connections and stop."""
