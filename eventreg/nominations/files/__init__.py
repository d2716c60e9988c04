"""Files that departments upload with a nomination: stored unchanged, read in a sandbox, copied without metadata."""
