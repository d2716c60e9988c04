"""The questions of a sign-up form."""
