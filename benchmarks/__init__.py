"""What `python -m benchmarks.NAME` measures and prints."""
