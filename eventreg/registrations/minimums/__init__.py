"""The minimum per unit: a forum asks for at least a number of women of each 班组 (plan P13)."""
