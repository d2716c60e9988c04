"""The walk: starts, crossings at the finish, corrections and results."""
