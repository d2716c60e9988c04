"""Copy the vendored styles, icons and code reader from npm packages into static/.

Run it after a change of package.json or of ICONS, and commit the result:
`python tools/vendor/vendor.py`. It needs npm; the product itself needs no Node.
"""

import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
STATIC = HERE.parents[1] / "static"
PACKAGES = HERE / "node_modules"

ICONS = (
    "arrow-clockwise",
    "arrow-repeat",
    "bell",
    "box-arrow-right",
    "calendar-plus",
    "calendar3",
    "camera",
    "check-circle-fill",
    "chevron-left",
    "chevron-right",
    "clock-history",
    "cloud-slash",
    "cloud-sun",
    "dash-circle",
    "download",
    "envelope",
    "envelope-exclamation",
    "exclamation-octagon-fill",
    "geo-alt",
    "hourglass-split",
    "image",
    "info-circle",
    "key",
    "keyboard",
    "lightbulb",
    "people",
    "person",
    "person-lines-fill",
    "person-plus",
    "printer",
    "ticket-perforated",
    "upload",
    "x-octagon-fill",
)
"""The icons that templates may ask for, by their Bootstrap name."""

SOURCE_MAP = re.compile(r"\n?/\*# sourceMappingURL=\S+ \*/\n?")
SYMBOL = re.compile(r"<symbol .*?</symbol>", re.DOTALL)
SVG = re.compile(r"<svg [^>]*>(?P<inside>.*)</svg>", re.DOTALL)


@dataclass(frozen=True)
class Vendored:
    """One file under static/ that comes from elsewhere, as vendor.json tells it."""

    name: str
    version: str
    licence: str
    licence_file: str
    file: str
    sha256: str
    note: str


def install_packages() -> None:
    """Put the locked packages into node_modules, running none of their scripts."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is not on the path: install Node to vendor again")
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=HERE, check=True)


def strip_addresses() -> None:
    """Take registry addresses out of the lock file: hashes alone say what is wanted."""
    lock_file = HERE / "package-lock.json"
    lock = json.loads(lock_file.read_text("utf-8"))
    for package in lock["packages"].values():
        package.pop("resolved", None)
    lock_file.write_text(json.dumps(lock, indent=2) + "\n", "utf-8")


def manifest_of(package: str) -> dict[str, str]:
    manifest: dict[str, str] = json.loads((PACKAGES / package / "package.json").read_text("utf-8"))
    return manifest


def record(package: str, file: Path, licence_file: Path, note: str) -> Vendored:
    manifest = manifest_of(package)
    return Vendored(
        name=package,
        version=manifest["version"],
        licence=manifest["license"],
        licence_file=licence_file.relative_to(STATIC).as_posix(),
        file=file.relative_to(STATIC).as_posix(),
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        note=note,
    )


def copy_bootstrap() -> Vendored:
    """Copy Bootstrap's stylesheet without its source map comment."""
    version = manifest_of("bootstrap")["version"]
    folder = STATIC / "vendor" / f"bootstrap-{version}"
    for old in STATIC.glob("vendor/bootstrap-*"):
        shutil.rmtree(old)
    folder.mkdir(parents=True)
    css = (PACKAGES / "bootstrap/dist/css/bootstrap.min.css").read_text("utf-8")
    target = folder / "bootstrap.min.css"
    target.write_text(SOURCE_MAP.sub("\n", css), "utf-8")
    licence = folder / "LICENSE"
    shutil.copyfile(PACKAGES / "bootstrap/LICENSE", licence)
    return record("bootstrap", target, licence, "sourceMappingURL comment removed")


def icon_symbol(name: str) -> str:
    svg = (PACKAGES / f"bootstrap-icons/icons/{name}.svg").read_text("utf-8")
    found = SVG.search(svg)
    if found is None:
        raise SystemExit(f"no drawing in {name}.svg")
    paths = re.sub(r">\s+<", "><", found["inside"].strip())
    return f'<symbol id="i-{name}" viewBox="0 0 16 16">{paths}</symbol>'


def make_sprite() -> Vendored:
    """Join the icons and the house's own drawings (motif.svg) into one sprite."""
    own = SYMBOL.findall((HERE / "motif.svg").read_text("utf-8"))
    symbols = [icon_symbol(name) for name in ICONS] + own
    lines = ['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""]
    target = STATIC / "img" / "sprite.svg"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(lines), "utf-8")
    licence = STATIC / "img" / "sprite.LICENSE"
    shutil.copyfile(PACKAGES / "bootstrap-icons/LICENSE", licence)
    note = "one sprite of the symbols i-*; the symbols m-* are our own, from tools/vendor/motif.svg"
    return record("bootstrap-icons", target, licence, note)


def copy_reader() -> list[Vendored]:
    """Copy the reader of QR codes: script and WebAssembly of one version, or they do not fit."""
    folder = STATIC / "vendor" / f"zxing-wasm-{manifest_of('zxing-wasm')['version']}"
    for old in STATIC.glob("vendor/zxing-wasm-*"):
        shutil.rmtree(old)
    folder.mkdir(parents=True)
    licence = folder / "LICENSE"
    shutil.copyfile(PACKAGES / "zxing-wasm/LICENSE", licence)
    made = []
    for source, name in (("iife/reader/index.js", "reader.js"), ("reader/zxing_reader.wasm",) * 2):
        target = folder / Path(name).name
        shutil.copyfile(PACKAGES / "zxing-wasm/dist" / source, target)
        made.append(record("zxing-wasm", target, licence, f"dist/{source}, untouched"))
    return made


def main() -> None:
    install_packages()
    strip_addresses()
    vendored = [asdict(one) for one in (copy_bootstrap(), make_sprite(), *copy_reader())]
    listing = json.dumps(vendored, indent=2, ensure_ascii=False) + "\n"
    (STATIC / "vendor" / "vendor.json").write_text(listing, "utf-8")


if __name__ == "__main__":
    main()
