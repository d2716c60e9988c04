"""Draws by lot that everybody can recompute."""
