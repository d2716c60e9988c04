"""Campaigns of which a person signs up for one only: the claim that each live registration holds."""
