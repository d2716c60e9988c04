"""The list of forfeits: order, titles, and what became of them."""
