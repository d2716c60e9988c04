"""A small RFC 5546 store: what a calendar program keeps of the .ics files that come by mail.

It is strict where programs differ: a mail's file holds one UID and one method (3.2.1, 3.2.5), an older SEQUENCE is ignored (3.1.5),
and an entry that was cancelled because its registration ended is never used again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import EmailMessage

from icalendar import Calendar, Component


@dataclass(slots=True)
class CalendarStore:
    """The entries of one person by UID, and the highest SEQUENCE seen of each."""

    entries: dict[str, Component] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)

    def receive(self, mail: EmailMessage) -> int:
        """Take every calendar of a mail; returns how many there were."""
        parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
        for part in parts:
            self.take(Calendar.from_ical(part.get_content()), method=str(part.get_param("method")))
        return len(parts)

    def take(self, calendar: Calendar, *, method: str) -> None:
        """Take one calendar object with the method that its mail part names."""
        events = calendar.walk("VEVENT")
        uids = {str(event["uid"]) for event in events}
        assert (str(calendar["method"]), len(uids), len(events), calendar.errors) == (method, 1, 1, [])
        [event], [uid] = events, uids
        sequence = int(str(event["sequence"]))
        if sequence < self.sequences.get(uid, 0):
            return
        self.sequences[uid] = sequence
        if method == "CANCEL":
            self.entries.pop(uid, None)
        else:
            self.entries[uid] = event

    @property
    def shown(self) -> list[tuple[str, str, str]]:
        """(summary's first part, start, status) of the entries, by start."""
        rows = [
            (str(e["summary"]).split(" · ")[0], str(e.decoded("dtstart")), str(e["status"]))
            for e in self.entries.values()
        ]
        return sorted(rows, key=lambda row: (row[1], row[0]))
