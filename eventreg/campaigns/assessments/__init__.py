"""Impact assessments: why sensitive data are asked for, and what was weighed (PIPL 55, 56)."""
