"""A campaign: started, worded, looked at, published, closed."""
