"""eventreg: sign-ups, waiting lists and tickets for Women's Day campaigns."""

__version__ = "0.1.0"
