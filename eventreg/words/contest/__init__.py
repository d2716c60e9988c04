"""Teams, draws and forfeits in words."""
