"""How the units take part: who has not signed up, and which units are short of their minimum."""
