"""Places that have to be confirmed until an instant: after a move, and when they are offered near the start."""
