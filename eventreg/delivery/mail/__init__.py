"""A letter as a mail, and the lines to SMTP servers."""
