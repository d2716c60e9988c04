"""The distribution of an award's nominees, and its structure limits."""
