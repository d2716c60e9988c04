"""HR's screening: what is checked, searched and compared, and how the nominated are distributed."""
