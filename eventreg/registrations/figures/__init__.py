"""The figures of a campaign: sign-ups over time, by unit and gender, withdrawals, and totals of answers."""
