"""Letters, reminders and group robots in words."""
