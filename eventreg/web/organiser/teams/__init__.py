"""Teams of a contest: forming them, the draw, the start line, the round, and who flew how high."""
