"""The API for programs, under /api/v1: a bearer token, JSON, problem details. One package for each scope of a token."""
