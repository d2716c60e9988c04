"""How the nominated of an award are distributed, and its structure limits."""
