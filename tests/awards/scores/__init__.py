"""Scores of judges, and the ranking that follows from them."""
