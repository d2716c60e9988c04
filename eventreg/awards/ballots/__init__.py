"""The ballot on paper: what two keepers counted, and who is elected."""
