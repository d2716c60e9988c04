"""Retention: what is deleted when its time is over or when somebody asks for it, and what is kept by law or as a record."""
