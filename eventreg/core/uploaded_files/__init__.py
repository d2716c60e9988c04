"""Files that people upload: stored unchanged, read in a sandbox, copied without metadata."""
