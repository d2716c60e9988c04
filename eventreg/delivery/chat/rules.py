"""The formats of 企业微信, 钉钉 and 飞书 for messages of group robots, and the meaning of their answers. Pure.

The body tells success, not the status alone. Addresses are used as they were pasted; only 钉钉 needs time and
signature appended.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote_plus, urlsplit

from eventreg.chat.rules import ChatService
from eventreg.core.personal.personal_numbers import masked
from eventreg.outbox.rules import SendOutcome, step

WECOM_MOST = 4_096  # bytes of the markdown
DINGTALK_MOST = 20_000  # bytes of the body
FEISHU_MOST = 20_000
SIGNATURE = 200  # bytes reserved for time and signature
ELLIPSIS = "…"
ELLIPSIS_BYTES = len(ELLIPSIS.encode())
MARKS = str.maketrans(
    {
        "[": "［",
        "]": "］",
        "<": "＜",
        ">": "＞",
        "*": "＊",
        "_": "＿",
        "`": "'",
        "#": "＃",
        "@": "＠",
        "\\": "＼",
    }
)
BLOCKED = timedelta(minutes=10)
BUSY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One piece of news: its text, the lines below it, and links as (words, address)."""

    title: str
    lines: tuple[str, ...]
    link: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class RobotRequest:
    """The HTTP request to a chat service: the path with its query, and the body."""

    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class RobotResponse:
    """The result of a message; `wait` is how long the service must not be called.

    With `host` this holds for all robots of its host, because the host itself has a problem.
    """

    outcome: SendOutcome
    trouble: str = ""
    wait: timedelta = timedelta(0)
    host: bool = False


def silent(attempts: int) -> RobotResponse:
    """The result if no answer came: the host is not called for as long as the letter waits after so many attempts."""
    return RobotResponse(SendOutcome.LATER, "robot:silent", step(attempts), host=True)


def safe(text: str) -> str:
    """A text made safe for a group: no telephone and identity card numbers, no mark-up, no mentions."""
    return " ".join(masked(text).split()).translate(MARKS)


def cut(text: str, most: int) -> str:
    """At most so many bytes of UTF-8, cut between two characters with a mark at the end."""
    whole = text.encode()
    if len(whole) <= most:
        return text
    return whole[: max(0, most - ELLIPSIS_BYTES)].decode(errors="ignore") + ELLIPSIS


def request(
    service: ChatService, address: str, secret: str, title: str, items: Sequence[NewsItem], *, now: datetime
) -> RobotRequest:
    """One message, signed if the robot has a secret."""
    payload = PAYLOADS[service](title, items)
    path = address.removeprefix("https://").partition("/")
    target = f"/{path[2]}" if path[1] else urlsplit(address).path or "/"
    if secret and service is ChatService.DINGTALK:
        at = int(now.timestamp() * 1000)
        target += f"{'&' if '?' in target else '?'}timestamp={at}&sign={dingtalk_sign(secret, at)}"
    if secret and service is ChatService.FEISHU:
        at = int(now.timestamp())
        payload = {"timestamp": str(at), "sign": feishu_sign(secret, at), **payload}
    return RobotRequest(target, encoded(payload))


def dingtalk_sign(secret: str, milliseconds: int) -> str:
    """The signature as it is appended to the address, quoted."""
    digest = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256).digest()
    return quote_plus(base64.b64encode(digest).decode())


def feishu_sign(secret: str, seconds: int) -> str:
    """The signature in the body: the text is the HMAC key, and the message is empty."""
    digest = hmac.new(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def encoded(payload: dict[str, Any]) -> bytes:
    """JSON in UTF-8 without escapes, which would take more bytes."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def wecom(title: str, items: Sequence[NewsItem]) -> dict[str, Any]:
    return {"msgtype": "markdown", "markdown": {"content": cut(_markdown(title, items), WECOM_MOST)}}


def dingtalk(title: str, items: Sequence[NewsItem]) -> dict[str, Any]:
    """The body for 钉钉. The whole body is limited, so the text is cut by its length in JSON."""
    head = cut(title, 200)
    return _fitting(
        _markdown(title, items),
        DINGTALK_MOST,
        lambda text: {"msgtype": "markdown", "markdown": {"title": head, "text": text}},
    )


def feishu(title: str, items: Sequence[NewsItem]) -> dict[str, Any]:
    """The body for 飞书: plain text within 20 KB, with time and signature."""
    parts = [title] if len(items) > 1 else []
    for item in items:
        link = [f"{item.link[0]} {item.link[1]}"] if item.link else []
        parts += ["\n".join((item.title, *item.lines, *link))]
    return _fitting(
        "\n\n".join(parts),
        FEISHU_MOST - SIGNATURE,
        lambda text: {"msg_type": "text", "content": {"text": text}},
    )


def _fitting(text: str, most: int, build: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """The payload with as much of a text as fits into the body."""
    room, short = len(text.encode()), 0
    if len(encoded(build(text))) <= most:
        return build(text)
    while room - short > 1:
        middle = (room + short) // 2
        if len(encoded(build(cut(text, middle)))) <= most:
            short = middle
        else:
            room = middle
    return build(cut(text, short))


PAYLOADS = {ChatService.WECOM: wecom, ChatService.DINGTALK: dingtalk, ChatService.FEISHU: feishu}

CODES: dict[tuple[ChatService, int], RobotResponse] = {
    (ChatService.WECOM, 40058): RobotResponse(SendOutcome.REFUSED, "robot:40058"),
    (ChatService.WECOM, 45009): RobotResponse(SendOutcome.LATER, "robot:45009", BUSY),
    (ChatService.WECOM, 93000): RobotResponse(SendOutcome.REFUSED, "robot:gone"),
    (ChatService.DINGTALK, 130101): RobotResponse(SendOutcome.LATER, "robot:130101", BLOCKED),
    (ChatService.DINGTALK, 310000): RobotResponse(SendOutcome.REFUSED, "robot:310000"),
    (ChatService.DINGTALK, 300001): RobotResponse(SendOutcome.REFUSED, "robot:gone"),
    (ChatService.FEISHU, 11232): RobotResponse(SendOutcome.LATER, "robot:11232", BUSY),
    (ChatService.FEISHU, 19021): RobotResponse(SendOutcome.REFUSED, "robot:19021"),
    (ChatService.FEISHU, 19001): RobotResponse(SendOutcome.REFUSED, "robot:gone"),
}


def verdict(service: ChatService, status: int, body: bytes) -> RobotResponse:
    """The result of an answer. A redirect is not followed; an unknown code is reported by its number."""
    if 300 <= status < 400:
        return RobotResponse(SendOutcome.REFUSED, "robot:redirect")
    if status == 429 or status >= 500:
        return RobotResponse(SendOutcome.LATER, f"robot:http {status}", BUSY)
    code = _code(service, body)
    if code is None:
        odd = status >= 400
        return RobotResponse(
            SendOutcome.REFUSED if odd else SendOutcome.LATER, f"robot:http {status}" if odd else "robot:odd"
        )
    if code == 0:
        return (
            RobotResponse(SendOutcome.ACCEPTED)
            if status < 400
            else RobotResponse(SendOutcome.REFUSED, f"robot:http {status}")
        )
    if code < 0:
        return RobotResponse(SendOutcome.LATER, f"robot:{code}", BUSY)  # "the system is busy"
    return CODES.get((service, code), RobotResponse(SendOutcome.REFUSED, f"robot:{code}"))


def _code(service: ChatService, body: bytes) -> int | None:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    code = (
        answer.get("code" if service is ChatService.FEISHU else "errcode")
        if isinstance(answer, dict)
        else None
    )
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def _markdown(title: str, items: Sequence[NewsItem]) -> str:
    parts = [f"**{title}**"] if len(items) > 1 else []
    for item in items:
        link = [f"[{item.link[0]}]({item.link[1]})"] if item.link else []
        parts += ["\n\n".join((f"**{item.title}**", *item.lines, *link))]
    return "\n\n".join(parts)
