"""What each kind of letter contains, and its default wording."""
