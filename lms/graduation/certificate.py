"""The certificate on paper: one landscape letter page as PDF, the same bytes whenever it is asked for."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from lms.foundation.qr import qr_code
from lms.graduation.models import Certificate

FOLDER = Path(__file__).parent / "templates"
# Templates are ours and need no packages: none is looked for, neither on disk nor in the network.
NOWHERE = FOLDER / "no-packages"
SHOWN_OF_SIGNATURE = 24


@dataclass(frozen=True, kw_only=True)
class Wording:
    """The sentences around what the certificate says; who shows it brings them in its language."""

    language: str
    site_name: str
    title: str
    given_to: str
    people: str
    for_finishing: str
    within: str
    details: str
    check_here: str
    folio: str
    signature: str


def render(certificate: Certificate, check_url: str, wording: Wording) -> bytes:
    """The certificate as PDF, tagged for screen readers."""
    content = {
        **asdict(wording),
        "firm": certificate.firm_name,
        "course": certificate.course_title,
        "names": certificate.people,
        "number": certificate.folio,
        "signed": f"{certificate.key_id} · {certificate.signature[:SHOWN_OF_SIGNATURE]}…",
        "address": check_url.partition("://")[2] or check_url,
        "qr": qr_code(check_url),
        "date": certificate.issued_on.timetuple()[:3],
    }
    # Imported here: it is large, and few requests print a certificate.
    import typst

    issued_at = datetime.combine(certificate.issued_on, datetime.min.time(), UTC)
    try:
        return _compile(content, issued_at, accessible=True)
    except typst.TypstError:
        # A name with a sign that no font of ours draws (an emoji) may be in a plain PDF, not in a tagged one.
        return _compile(content, issued_at, accessible=False)


def _compile(content: dict, issued_at: datetime, *, accessible: bool) -> bytes:
    import typst

    # A compiler must not be shared between threads, so each page has its own; making one takes milliseconds.
    compiler = typst.Compiler(
        input=(FOLDER / "certificate.typ").read_bytes(),
        root=FOLDER,
        ignore_system_fonts=True,
        package_path=NOWHERE,
        package_cache_path=NOWHERE,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
    )
    made = compiler.compile(
        format="pdf", pdf_standards="ua-1" if accessible else None, timestamp=int(issued_at.timestamp())
    )
    assert isinstance(made, bytes)
    return made
