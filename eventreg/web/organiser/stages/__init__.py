"""The timetable of an award."""
