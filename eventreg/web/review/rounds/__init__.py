"""A round of judging for HR: its rules, its panel, its ranking."""
