"""What departments hand in with a nomination: kept as it came, read in a child process, copied without metadata."""
