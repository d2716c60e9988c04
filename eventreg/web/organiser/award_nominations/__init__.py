"""The submitted nominations of an award, for its organisers to read."""
