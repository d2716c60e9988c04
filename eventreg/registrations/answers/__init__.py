"""Answers to the questions of a form: what they may be, which options they choose, and the places that options have."""
