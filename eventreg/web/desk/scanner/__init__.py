"""The pages of a scanning phone. They hold nothing personal."""
