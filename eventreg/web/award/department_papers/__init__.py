"""The printed form of a nomination, and the summary of a department."""
