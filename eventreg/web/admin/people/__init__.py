"""The roster: people, their addresses and roles."""
