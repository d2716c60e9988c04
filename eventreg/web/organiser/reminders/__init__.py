"""The reminders of a campaign."""
