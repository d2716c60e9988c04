"""The organiser's page about phones that had no network: conflicts, people let through, files of phones."""
