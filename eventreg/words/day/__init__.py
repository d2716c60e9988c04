"""The day itself in words: check points, the walk, teams, screens, papers."""
