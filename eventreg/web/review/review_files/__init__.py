"""The files of a submitted nomination, as HR fetches them."""
