"""What an organiser or a unit's contact does for somebody: enter, take out, correct; and places that are added for one person."""
