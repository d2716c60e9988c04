"""Teams of a contest: who flies with whom, the start of the round, who flew how high, and who performs."""
