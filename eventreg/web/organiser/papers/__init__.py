"""The papers of the day: asked for, made in the background, loaded."""
