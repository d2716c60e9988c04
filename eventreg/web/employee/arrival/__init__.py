"""Coming in on one's own phone after the code on the wall was opened."""
