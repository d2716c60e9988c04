"""A chat service on loopback that speaks for all three: by path, with their signatures and their codes."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

from eventreg.delivery.chat.rules import dingtalk_sign, feishu_sign

SECRET = "SECexample"
PATHS = {
    "wecom": "/cgi-bin/webhook/send?key=0a1b-2c3d",
    "dingtalk": "/robot/send?access_token=0a1b2c3d",
    "feishu": "/open-apis/bot/v2/hook/0a1b2c3d",
}


class Group:
    """What arrived, as (service, text, raw path), and what is answered instead of what is due."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []
        self.paths: list[str] = []
        self.answers: list[tuple[int, str]] = []  # (status, body) of the next calls
        self.port = 0

    def answer(self, path: str, body: bytes) -> tuple[int, str]:
        """As the service would: the status is 200 whatever went wrong."""
        self.paths.append(path)
        if self.answers:
            return self.answers.pop(0)
        told = json.loads(body)
        if path.startswith("/cgi-bin/"):
            return 200, self._wecom(told)
        if path.startswith("/robot/"):
            return 200, self._dingtalk(path, told, len(body))
        return 200, self._feishu(told, len(body))

    def _wecom(self, told: dict[str, Any]) -> str:
        text = told["markdown"]["content"]
        if told["msgtype"] != "markdown" or len(text.encode()) > 4096:
            return json.dumps({"errcode": 40058, "errmsg": "invalid parameter"})
        self.got.append(("wecom", text))
        return json.dumps({"errcode": 0, "errmsg": "ok"})

    def _dingtalk(self, path: str, told: dict[str, Any], size: int) -> str:
        asked = parse_qs(urlsplit(path).query)
        expected = dingtalk_sign(SECRET, int(asked.get("timestamp", ["0"])[0]))
        if quote_plus(asked.get("sign", [""])[0]) != expected or size > 20_000:
            return json.dumps({"errcode": 310000, "errmsg": "sign not match"})
        self.got.append(("dingtalk", f"{told['markdown']['title']}|{told['markdown']['text']}"))
        return json.dumps({"errcode": 0, "errmsg": "ok"})

    def _feishu(self, told: dict[str, Any], size: int) -> str:
        if told.get("sign") != feishu_sign(SECRET, int(told.get("timestamp", "0"))) or size > 20 * 1024:
            return json.dumps({"code": 19021, "msg": "sign match fail or timestamp is not within one hour"})
        self.got.append(("feishu", told["content"]["text"]))
        return json.dumps({"code": 0, "msg": "success", "data": {}})

    def address(self, service: str) -> str:
        """What an organiser would paste."""
        return f"https://127.0.0.1:{self.port}{PATHS[service]}"


@contextmanager
def group_chat(certificate: Path) -> Iterator[Group]:
    """The service on a free port, behind this certificate."""
    group = Group()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, text = group.answer(self.path, body)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"https://127.0.0.1:{group.port}/robot/elsewhere")
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_told: object) -> None:
            """Nothing on stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    group.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield group
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
