"""Phones without a network: what they let in by themselves, and what the server answered afterwards."""
