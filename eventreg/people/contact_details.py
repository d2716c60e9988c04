"""Mail addresses and telephone numbers, as people write them. Pure."""

from __future__ import annotations

import re

from eventreg.core.errors import Refused
from eventreg.core.plain_text import address_text, identifier

LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@(?:(?:{LABEL}\.)+{LABEL}|localhost)")
MOBILE = re.compile(r"(?:\+?86|0086)?(1[0-9]{10})")
AREA_IN_BRACKETS = re.compile(r"\((0[0-9]{2,3})\)-?")
EXTENSION = re.compile(r"(?<=[0-9])(?:转|ext\.?)(?=[0-9])", re.IGNORECASE)
LANDLINE = re.compile(r"(?:0[0-9]{2,3}-?)?[2-9][0-9]{6,7}(?:-[0-9]{1,6})?")
ADDRESS_MOST = 254
DASHES = re.compile("[\u2010-\u2015\u2212]")


def mail_address(text: str) -> str:
    """A mail address in lower case, at most 254 characters (RFC 5321 4.5.3.1.3)."""
    address = address_text(text).lower()
    if len(address) > ADDRESS_MOST or not ADDRESS.fullmatch(address):
        raise Refused("people.email_form")
    return address


def phone_number(text: str) -> str:
    """A mobile number of mainland China as 11 digits, or a landline number: (0571)88206666转806 is 0571-88206666-806."""
    number = DASHES.sub("-", re.sub(r"\s+", "", identifier(text))).removeprefix("tel:")
    if mobile := MOBILE.fullmatch(number.replace("-", "")):
        return mobile[1]
    number = EXTENSION.sub("-", AREA_IN_BRACKETS.sub(r"\1-", number, count=1))
    if not LANDLINE.fullmatch(number):
        raise Refused("people.phone_form")
    return number
