"""Tests of making and changing a plan."""
