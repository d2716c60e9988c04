"""The panel of judges and its recusals."""
