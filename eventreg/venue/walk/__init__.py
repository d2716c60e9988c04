"""A timed walk (a hike): starts, crossings of the finish, corrections, results, and who is not back yet."""
