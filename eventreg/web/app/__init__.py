"""What all pages share: the gate, the current request, headers, errors, caches, the base of the forms."""
