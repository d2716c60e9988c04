"""What HR does with the nominations of an award."""
