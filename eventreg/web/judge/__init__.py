"""The judge's door: what she reads, scores, and declares."""
