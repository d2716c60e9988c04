"""The product in a real browser: what an employee sees, presses and reads on her phone."""
