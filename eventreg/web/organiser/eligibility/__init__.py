"""Who may sign up for a campaign, and of which campaigns a person signs up for one only."""
