"""Full-screen pages at the venue."""
