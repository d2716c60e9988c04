"""Spreadsheets and documents."""
