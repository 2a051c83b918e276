"""Words for people in their language: the seam through which services translate what they refuse."""

import hashlib
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask_babel import gettext, lazy_gettext, ngettext

__all__ = ["compile_catalogues", "gettext", "lazy_gettext", "ngettext", "read_catalogue"]

HOUSE = Path(__file__).resolve().parent.parent


def read_catalogue(locale: str = "es_MX") -> Catalog:
    """The translations of every room as one catalogue; the first room to say a message wins."""
    whole = Catalog(locale=locale)
    for path in sorted(HOUSE.glob(f"*/translations/{locale}.po")):
        with path.open("rb") as stream:
            for message in read_po(stream, locale=locale):
                if message.id and message.id not in whole:
                    whole[message.id] = message
    return whole


@cache
def compile_catalogues(build: Path, locale: str = "es_MX") -> Path:
    """Write the merged catalogue in gettext's binary form below `build`, once per content; give its
    folder."""
    sources = sorted(HOUSE.glob(f"*/translations/{locale}.po"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
    folder = build / f"translations-{digest}"
    target = folder / locale / "LC_MESSAGES" / "messages.mo"
    if not target.exists():
        buffer = BytesIO()
        write_mo(buffer, read_catalogue(locale))
        target.parent.mkdir(parents=True, exist_ok=True)
        # Two processes may start at once: each writes its own file and the last rename wins.
        partial = target.with_suffix(f".{id(buffer)}.tmp")
        partial.write_bytes(buffer.getvalue())
        partial.replace(target)
    return folder
