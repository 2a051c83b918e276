"""The certificate on paper: one landscape letter page as PDF, the same bytes whenever it is asked for."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from lms.foundation import typesetting
from lms.foundation.qr import qr_code
from lms.graduation.models import Certificate

FOLDER = Path(__file__).parent / "templates"
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
    issued_at = datetime.combine(certificate.issued_on, datetime.min.time(), UTC)
    return typesetting.pdf(FOLDER / "certificate.typ", content, issued_at)
