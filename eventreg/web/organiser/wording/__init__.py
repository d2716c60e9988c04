"""The letters of a campaign in the words of its organiser."""
