"""What an administrator reads of keys, tokens, backups and the audit trail, in words."""
