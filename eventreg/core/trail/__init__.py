"""The audit trail: rows, their seals, the heads kept outside the database, and the check of all of it."""
