"""Long documents, made off the request path."""
