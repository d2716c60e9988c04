"""The child process that reads a sheet of a workbook: its cells, and what its XML says beside their values."""
