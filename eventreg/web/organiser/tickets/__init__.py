"""A new ticket in the place of a lost one."""
