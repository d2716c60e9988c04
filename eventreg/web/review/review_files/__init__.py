"""The files of submitted nominations, for HR."""
