"""Paper and electronic in step: what was submitted, the code that a print of it carries, its receipt."""
