"""The state of a letter as pages show it: its own state, or what became of it after it was sent."""

from __future__ import annotations

from sqlalchemy import case

from .models import Letter
from .rules import LetterState

WRITTEN = "written"  # written to a file, because there was no mail server: nobody has received it
BOUNCED = "bounced"  # sent, and bounced
STANDINGS = (*(str(state) for state in LetterState), WRITTEN, BOUNCED)
STANDING = case((Letter.bounced_at.is_not(None), BOUNCED), (Letter.in_file, WRITTEN), else_=Letter.state)
