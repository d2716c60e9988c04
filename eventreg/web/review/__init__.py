"""Pages of HR about the nominations of an award."""
