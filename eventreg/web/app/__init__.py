"""What all pages share: access guards, the current request, headers, errors, caches, pagination."""
