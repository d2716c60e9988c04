"""Printed one-time codes for colleagues without a mailbox."""
