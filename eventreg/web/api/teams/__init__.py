"""Teams and forfeits for programs."""
