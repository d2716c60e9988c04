"""Opening the code on the wall."""
