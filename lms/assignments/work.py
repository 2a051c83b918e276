"""What a firm's work holds: the files in its places, what is missing before it can be sent, its history."""

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from lms.assignments.models import Attachment, Review, ReviewReply, Submission, SubmissionVersion
from lms.curriculum.models import Brief
from lms.foundation.db import db
from lms.foundation.i18n import gettext as _

# Crockford's base 32: no letter that looks like a digit, so that a folio can be read out on the phone.
FOLIO_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FOLIO_LENGTH = 8


def files(submission: Submission | None) -> dict[str, Attachment]:
    """What is in each place now, in the order of the task."""
    if submission is None:
        return {}
    current = {a.slot: a for a in submission.attachments if a.replaced_at is None}
    return {slot["key"]: current[slot["key"]] for slot in submission.brief.slots if slot["key"] in current}


def files_of(version: SubmissionVersion) -> list[Attachment]:
    """What was handed in with a version, also when it was replaced since."""
    return [a for a in version.submission.attachments if a.id in version.attachment_ids]


@dataclass(frozen=True)
class ListedFile:
    """A file as a receipt lists it."""

    place: str
    name: str
    kind: str
    size: int


def listed_files(version: SubmissionVersion) -> list[ListedFile]:
    """What was handed in with a version, in the order of the task, in words."""
    titles = {slot["key"]: slot["title"] for slot in version.submission.brief.slots}
    order = list(titles)
    files = sorted(files_of(version), key=lambda one: order.index(one.slot) if one.slot in order else 99)
    return [
        ListedFile(titles.get(one.slot, one.slot), one.original_name, _kind(one.media_type), one.size)
        for one in files
    ]


def _kind(media_type: str) -> str:
    if media_type.startswith("image/"):
        return _("photo")
    if media_type.startswith("audio/"):
        return _("voice note")
    return "PDF" if media_type == "application/pdf" else _("sheet")


def problems(brief: Brief, submission: Submission | None) -> dict[str, str]:
    """What keeps the work from being sent, in words, by place: "slot:<key>", "text" or "link"."""
    have = files(submission)
    text, link = (submission.text, submission.link) if submission else ("", "")
    found = {
        f"slot:{slot['key']}": _missing(slot)
        for slot in brief.slots
        if slot["required"] and slot["key"] not in have
    }
    if link and web_address(link) is None:
        found["link"] = _("Write the whole link, for example https://www.mercadolibre.com.mx/…")
    if not found and not have and not text and not link:
        found["link" if brief.link_label and not brief.text_label else "text"] = _(
            "There is nothing to send yet."
        )
    return found


def web_address(typed: str) -> str | None:
    """What was typed as a link that a browser can open, or None."""
    address = typed if "://" in typed else f"https://{typed}"
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    is_web = (
        parts.scheme in ("http", "https")
        and "." in (parts.hostname or "")
        and not any(map(str.isspace, typed))
    )
    return address if typed and is_web else None


def new_folio() -> str:
    """A folio that no receipt has; in the rare case that one was given before, another is drawn."""
    while True:
        folio = "".join(secrets.choice(FOLIO_SIGNS) for _sign in range(FOLIO_LENGTH))
        if db.session.scalar(select(SubmissionVersion.id).where(SubmissionVersion.folio == folio)) is None:
            return folio


def whole(submission: Submission, *more: Any) -> Submission:
    """The same work, read anew with all that its pages show."""
    asked = select(Submission).where(Submission.id == submission.id).options(*history(), *more)
    return db.session.scalars(asked.execution_options(populate_existing=True)).unique().one()


def history() -> tuple[Any, ...]:
    """Load options: a submission with all that its pages show, in a fixed number of queries."""
    return (
        joinedload(Submission.brief).joinedload(Brief.week),
        joinedload(Submission.claimed_by),
        selectinload(Submission.versions).options(
            joinedload(SubmissionVersion.user), joinedload(SubmissionVersion.answered_by)
        ),
        selectinload(Submission.reviews).options(
            joinedload(Review.grader),
            joinedload(Review.reopened_by),
            joinedload(Review.replies).joinedload(ReviewReply.user),
            joinedload(Review.pin_rows),
        ),
        selectinload(Submission.attachments).joinedload(Attachment.user),
    )


def _missing(slot: dict[str, Any]) -> str:
    if slot["kind"] == "photo":
        return _("Missing: the photo “%(title)s”.", title=slot["title"])
    if slot["kind"] == "audio":
        return _("Missing: the voice note “%(title)s”.", title=slot["title"])
    if slot["kind"] == "sheet":
        return _("Missing: the sheet “%(title)s”.", title=slot["title"])
    return _("Missing: the file “%(title)s”.", title=slot["title"])
