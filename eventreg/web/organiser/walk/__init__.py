"""The hike: its start, who is not back yet, results and corrections."""
