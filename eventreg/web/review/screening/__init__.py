"""Screening: the queue, and one nomination with its checks."""
