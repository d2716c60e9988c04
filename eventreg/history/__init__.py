"""The audit trail for organisers and administrators."""
