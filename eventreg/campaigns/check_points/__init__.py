"""Where tickets are scanned: rows of a campaign."""
