"""What an organiser shares of a published campaign: its link, QR code, poster and text."""
