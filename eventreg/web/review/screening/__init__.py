"""Screening: the queue, and one nomination with all that was checked."""
