"""Paper forms: what was submitted, the check code of its print, and the receipt of the paper."""
