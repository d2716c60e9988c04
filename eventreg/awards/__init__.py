"""Judging an award: panel, scores, ballots, ranking, public notice (above nominations)."""
