"""Letters as mails, and connections to SMTP servers."""
