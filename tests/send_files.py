"""Send every file of a folder to the upload page of a task, and count what became of them.

    python -m tests.send_files FOLDER [--names FILE] [--expect FILE] [--list]

Each file goes to a place for photos, for documents, for voice notes and for sheets. It is *kept* as it came,
*cleaned* (kept, but as other bytes than were sent), *refused* in words, or *failed*. `--names`: a name a
line, as text or as JSON with `upload_as` or `payload`; each is given to a clean photo. `--expect`: JSON lines
with `file` and `expect` (reject, attach or sanitize); what was expected otherwise is listed.
"""

import argparse
import hashlib
import io
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextvars import Context
from pathlib import Path
from typing import Any

from PIL import Image

from config import Config
from lms.app import create_app
from lms.assignments.models import Attachment
from lms.foundation.db import db
from tests import build
from tests.conftest import Browser
from tests.pages import values

KINDS = ("photo", "file", "audio", "sheet")


class Sender:
    """A firm at a task with a place of each kind, in a house of its own."""

    def __init__(self, folder: Path) -> None:
        self.app = create_app(
            Config(
                SECRET_KEY="only for tests, 16+",
                DATA_DIR=folder,
                SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'house.db'}",
                MAIL_URL="memory:",
                TESTING=True,
            )
        )
        # A failure is counted, as the page that a person would see.
        self.app.config["PROPAGATE_EXCEPTIONS"] = False
        self.app.app_context().push()
        db.create_all()
        cast = build.cast()
        brief = cast.version.week_rows[1].brief
        brief.slots = [
            {"key": kind, "title": kind, "hint": "", "kind": kind, "required": False} for kind in KINDS
        ]
        self.path = f"/briefs/{brief.id}"
        self.member = Browser(self.app, cast.owner)
        # Each request on its own, as in real life: what one keeps in `g` is nothing to the next.
        opened = self.member.client.open
        self.member.client.open = lambda *given, **more: Context().run(opened, *given, **more)  # type: ignore
        db.session.commit()

    def send(self, kind: str, name: str, content: bytes) -> tuple[str, str]:
        """What became of it, and the words with which it was refused."""
        page = self.member.get(f"{self.path}?change={kind}")
        fields = values(page.form_with({f"{kind}-file"}, None))
        sent = {**fields, f"{kind}-file": (io.BytesIO(content), name)}
        answer = self.member.post(f"{self.path}/slots/{kind}", sent, headers={"Replay": "0"})
        if answer.status == 200:
            newest = db.session.query(Attachment).order_by(Attachment.id.desc()).first()
            became = "kept" if newest.sha256 == hashlib.sha256(content).hexdigest() else "cleaned"
            # There is a most that one task takes: this is about files, not about how many there are.
            db.session.delete(newest)
            db.session.commit()
            return became, newest.original_name
        if answer.status in (413, 422):
            return "refused", " ".join((answer.json or {}).get("problems", ["too large"]))
        return "failed", f"answered {answer.status}"


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        sender = Sender(Path(folder))
        found = {path.name: _everywhere(sender, path) for path in _files(options.folder)}
        counts = {kind: Counter(row[kind][0] for row in found.values()) for kind in KINDS}
        print(f"{len(found)} files")
        for kind, count in counts.items():
            print(f"  {kind:<7}" + "  ".join(f"{word} {count[word]}" for word in _WORDS))
        if options.list:
            for name, row in found.items():
                print(f"  {name}: " + ", ".join(f"{kind} {row[kind][0]}" for kind in KINDS))
        is_well = not any(count["failed"] for count in counts.values())
        if options.expect:
            is_well &= _compare(found, options.expect)
        if options.names:
            is_well &= _try_names(sender, options.names)
    sys.exit(0 if is_well else 1)


_WORDS = ("kept", "cleaned", "refused", "failed")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.send_files", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--names", type=Path)
    parser.add_argument("--expect", type=Path)
    parser.add_argument("--list", action="store_true")
    return parser.parse_args()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _everywhere(sender: Sender, path: Path) -> dict[str, tuple[str, str]]:
    content = path.read_bytes()
    return {kind: sender.send(kind, path.name, content) for kind in KINDS}


def _compare(found: dict[str, dict[str, Any]], expect: Path) -> bool:
    """Whether nothing is kept that should be refused; what should be taken and was not is listed."""
    rows = [json.loads(line) for line in expect.read_text(encoding="utf-8").splitlines() if line.strip()]
    kept, left_out, agreed = [], [], 0
    for row in rows:
        became = {kind: words[0] for kind, words in found.get(row["file"], {}).items()}
        taken = {kind: word for kind, word in became.items() if word in ("kept", "cleaned")}
        if row["expect"].startswith("reject") and "kept" in taken.values():
            kept.append(f"{row['file']} ({row.get('why', '')}): {taken}")
        elif row["expect"].startswith(("attach", "accept", "sanitize")) and not taken:
            left_out.append(f"{row['file']} ({row.get('why', '')})")
        else:
            agreed += 1
    print(f"as expected: {agreed} of {len(rows)}")
    for title, lines in (("kept as it came, expected to be refused", kept), ("taken nowhere", left_out)):
        if lines:
            print(f"{title}: {len(lines)}", *lines, sep="\n    ")
    return not kept


def _try_names(sender: Sender, names: Path) -> bool:
    picture = io.BytesIO()
    Image.new("RGB", (32, 32)).save(picture, "JPEG")
    counts: Counter[str] = Counter()
    for line in names.read_text(encoding="utf-8").splitlines():
        row = json.loads(line) if line.startswith("{") else {"upload_as": line}
        name = str(row.get("upload_as", row.get("payload", "")))
        # As browsers write it into the request.
        written = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        became, words = sender.send("photo", written, picture.getvalue())
        counts["as typed" if words == name else became if became != "cleaned" else "shown otherwise"] += 1
        if became == "cleaned" and (not words.isprintable() or "/" in words or len(words) > 120):
            counts["still hostile"] += 1
    print(f"{sum(counts.values())} names: " + ", ".join(f"{word} {count}" for word, count in counts.items()))
    return not counts["failed"] and not counts["still hostile"]


if __name__ == "__main__":
    main()
