"""What a campaign keeps, and until when."""
