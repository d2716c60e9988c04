"""Write, save and submit one nomination."""
