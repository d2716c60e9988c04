"""The pages about the site itself: privacy, help, what a phone needs."""
