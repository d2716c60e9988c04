"""Results of hikes for programs."""
