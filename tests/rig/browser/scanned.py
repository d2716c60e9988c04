"""What a desk's phone reads on a printed page: the page drawn as a picture, its QR code read by our own reader."""

from __future__ import annotations

import base64
from pathlib import Path

import typst
from playwright.sync_api import Browser

from tests.house.repository import ROOT

READER = ROOT / "static/vendor/zxing-wasm-3.1.4"
SHEET = '#set page(width: 210mm, height: 297mm, margin: 0mm)\n#image("paper.pdf", width: 100%)'
DOTS = 150  # to the inch, as a copier scans
READ = """async ([page, wasm]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  ZXingWASM.prepareZXingModule({ overrides: { wasmBinary: bytes(wasm).buffer } });
  const wanted = { formats: ["QRCode"], tryHarder: true };
  const found = await ZXingWASM.readBarcodes(new Blob([bytes(page)], { type: "image/png" }), wanted);
  return found.map((code) => code.text);
}"""


def picture(paper: bytes, folder: Path) -> bytes:
    """The first page of a PDF as a PNG."""
    (folder / "paper.pdf").write_bytes(paper)
    (folder / "sheet.typ").write_text(SHEET, "utf-8")
    drawn = typst.compile(folder / "sheet.typ", format="png", ppi=DOTS)
    return drawn if isinstance(drawn, bytes) else drawn[0]


def codes_on(page: bytes, chromium: Browser) -> list[str]:
    """What the QR codes on a picture say."""
    reader = chromium.new_page()
    reader.add_script_tag(content=(READER / "reader.js").read_text("utf-8"))
    wasm = (READER / "zxing_reader.wasm").read_bytes()
    said: list[str] = reader.evaluate(READ, [base64.b64encode(part).decode() for part in (page, wasm)])
    reader.close()
    return said
