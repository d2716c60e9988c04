"""Items of a programme in their order, such as forfeits."""
