"""An employee's own proposals."""
