"""What leaves the product as a file: spreadsheets."""
