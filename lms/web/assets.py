"""Style sheet, scripts and pictures: joined, named by their content, compressed once, served for ever."""

import gzip
import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli
from flask import Flask
from whitenoise import WhiteNoise

PREFIX = "assets/"

_IMPORT = re.compile(r'@import "([^"]+)";')
_STRING_OR_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\')|/\*.*?\*/', re.DOTALL)
_SCRIPT_COMMENT = re.compile(r"(?m)(?:^[ \t]*|[ \t]{2,})/\*.*?\*/", re.DOTALL)
_FINGERPRINTED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


@dataclass(frozen=True)
class Manifest:
    """What each asset is called in the target folder: "css" is "app.0123456789ab.css"."""

    names: dict[str, str]

    def url(self, asset: str) -> str:
        """The address of an asset; a KeyError for one that does not exist: no page ships a broken link."""
        return f"/{PREFIX}{self.names[asset]}"


def init_app(app: Flask) -> None:
    """Build what changed, serve it in front of the app, and let templates say `asset("css")`."""
    static, target = Path(app.root_path) / "static", Path(app.config["BUILD_DIR"]) / "assets"
    built = build(static, target)

    def asset(name: str) -> str:
        # In debug mode the files change under our hands.
        return (build(static, target) if app.debug else built).url(name)

    app.jinja_env.globals["asset"] = app.extensions["asset"] = asset
    app.wsgi_app = wrap(app.wsgi_app, target, watch=app.debug)  # type: ignore[method-assign]


def wrap(wsgi_app: Callable[..., Any], target: Path, *, watch: bool = False) -> WhiteNoise:
    """Put the assets in front of an app: compressed if possible, cached for ever if the name has a hash."""
    return WhiteNoise(
        wsgi_app,
        root=target,
        prefix=PREFIX,
        autorefresh=watch,
        allow_all_origins=False,
        immutable_file_test=lambda _path, url: bool(_FINGERPRINTED.search(url)),
        add_headers_function=_protect,
    )


def _protect(headers: Any, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = "default-src 'none'"


def build(static: Path, target: Path) -> Manifest:
    """Write the assets into the target folder, once per content; earlier ones stay for pages already open."""
    names = {"css": _write(target, "app.css", join_styles(static / "css").encode())}
    names["js"] = _write(target, "app.js", join_scripts(static / "js").encode())
    names["member"] = _write(target, "member.js", join_scripts(static / "member").encode())
    # What only staff look at is a sheet of its own.
    names["staff"] = _write(target, "staff.css", join_sheets(static / "staff").encode())
    # What only some pages need, so that no other page pays for it.
    for name in ("lesson", "task", "grader", "passkey", "wall"):
        names[name] = _write(target, f"{name}.js", join_scripts(static / "js" / name).encode())
    for picture in sorted((static / "img").rglob("*")):
        if picture.is_file():
            name = picture.relative_to(static).as_posix()
            names[name] = _write(target, name, picture.read_bytes())
    return Manifest(names)


def join_styles(folder: Path) -> str:
    """The style sheets in the order that app.css states, without comments and idle space."""
    text = (folder / "app.css").read_text(encoding="utf-8")
    return strip_style(_IMPORT.sub(lambda found: (folder / found[1]).read_text(encoding="utf-8"), text))


def join_sheets(folder: Path) -> str:
    """Style sheets one after the other: their layers keep the order that app.css states."""
    return "".join(strip_style(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.css")))


def join_scripts(folder: Path) -> str:
    """The scripts one after the other; each is a block of its own, so the order does not matter."""
    return "".join(strip_script(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.js")))


def join_worker(static: Path) -> str:
    """The service worker: what it shares with the pages, and its own."""
    parts = (static / "member" / "outbox.js", static / "worker" / "worker.js")
    return "".join(strip_script(part.read_text(encoding="utf-8")) for part in parts)


def strip_style(text: str) -> str:
    """Take comments and idle white space out of a style sheet; strings stay as they are."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        if found[1] is None:
            return " "
        kept.append(found[1])
        return f"\x00{len(kept) - 1}\x00"

    text = re.sub(r"\s+", " ", _STRING_OR_COMMENT.sub(keep, text))
    text = re.sub(r" ?([{};,]) ?", r"\1", text)
    # Only behind a colon: "a :hover" and "a:hover" are not the same selector.
    text = re.sub(r": ", ":", text).replace(";}", "}").strip()
    return re.sub(r"\x00(\d+)\x00", lambda found: kept[int(found[1])], text)


def strip_script(text: str) -> str:
    """Take comments that stand alone, indentation and empty lines out of a script; lines stay lines."""
    lines = (line.strip() for line in _SCRIPT_COMMENT.sub("", text).splitlines())
    return "".join(f"{line}\n" for line in lines if line)


def _write(target: Path, name: str, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()[:12]
    path = (target / name).with_suffix(f".{digest}{Path(name).suffix}")
    versions = {path: lambda: content}
    if path.suffix in {".css", ".js", ".svg"}:
        versions[path.with_name(f"{path.name}.br")] = lambda: brotli.compress(content, quality=11)
        versions[path.with_name(f"{path.name}.gz")] = lambda: gzip.compress(content, mtime=0)
    for version, make in versions.items():
        if not version.exists():
            _put(version, make())
    return path.relative_to(target).as_posix()


def _put(path: Path, content: bytes) -> None:
    """Two processes may start at once: each writes its own file, the last rename wins with the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
    os.chmod(partial, 0o644)
    os.replace(partial, path)
