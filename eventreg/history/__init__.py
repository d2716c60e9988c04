"""The audit trail as organisers and administrators read it."""
