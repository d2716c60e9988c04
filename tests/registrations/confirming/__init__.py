"""Tests of places that have to be confirmed."""
