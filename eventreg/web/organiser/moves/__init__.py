"""Change the dates of a campaign: one act, one letter a person."""
