"""The timetable of an award: its stages with their days."""
