"""Letters: written in the transaction of what they tell of, sent by a job, forgotten once they are sent."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import current_app, g, has_request_context, request
from flask_babel import force_locale, get_locale
from sqlalchemy import update
from werkzeug.routing import BuildError

from lms.accounts.models import User
from lms.cohorts.models import Cohort
from lms.foundation import mail
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.jobs import enqueue, job
from lms.notifications.kinds import KIND_OF
from lms.notifications.models import Letter, Notice
from lms.notifications.preferences import stop_token


def site_address(path: str = "/") -> str:
    """The full address of a page, also on the command line, where no request says where the house is."""
    site = current_app.config["SITE_URL"] or (
        request.url_root if has_request_context() else "http://localhost/"
    )
    return site.rstrip("/") + path


def path_to(endpoint: str, **values: Any) -> str:
    """The path of a page, or of the front page where this installation has no such page."""
    try:
        return current_app.url_map.bind(mail.site_host()).build(endpoint, values)
    except BuildError:
        return "/"


@contextmanager
def speaking(locale: str, time_zone: str | None = None) -> Iterator[None]:
    """Say things in the language of the reader and in the hours of their place."""
    before = g.get("time_zone")
    g.time_zone = time_zone or before
    try:
        with force_locale(locale):
            yield
    finally:
        g.time_zone = before


@dataclass(frozen=True)
class Line:
    """One of several things that a letter tells of, with the path of its page."""

    text: str
    path: str


def write(
    to: str,
    template: str,
    path: str,
    words: dict[str, Any],
    reader: User | None = None,
    lines: Sequence[Line] = (),
    calendar: str = "",
    quiet: Cohort | None = None,
) -> None:
    """Write the letter of that name (see templates/mail) with its one button, and ask for it to be sent.

    Call it while `speaking` the reader's language. The subject is read on locked screens and by mail servers,
    so no template puts anything personal there. With `lines`, each of them has its own button instead;
    `calendar` goes along for the reader's own calendar. In the hours in which the cohort `quiet` is left in
    peace, the letter waits.
    """
    kind = KIND_OF.get(template)
    stop_path = ""
    if kind is not None and reader is not None:
        stop_path = path_to("notifications.stop_letters", token=stop_token(reader.id, kind))
    text = part(template, "text", words)
    frame: dict[str, Any] = {
        "locale": str(get_locale()).replace("_", "-"),
        "name": words.get("name"),
        "paragraphs": re.split(r"\n\s*\n", text),
        "lines": [(line.text, site_address(line.path)) for line in lines],
        "button_label": part(template, "button", words),
        "link": site_address(path),
        "stop_link": site_address(stop_path) if stop_path else "",
    }
    letter = Letter(
        user_id=reader.id if reader else None,
        cohort_id=quiet.id if quiet else None,
        to=to,
        subject=part(template, "subject", words),
        text=re.sub(r"\n{3,}", "\n\n", _framed("txt", frame)).strip() + "\n",
        html=_framed("html", frame),
        stop_path=stop_path,
        calendar=calendar,
        created_at=now(),
    )
    db.session.add(letter)
    db.session.flush()
    run_at = quiet.quiet_hours.over(now()) if quiet else None
    enqueue(send_letter, key=f"letter:{letter.id}", run_at=run_at, letter_id=letter.id)


def _framed(suffix: str, frame: dict[str, Any]) -> str:
    """A letter's words as plain text or as HTML: the same words, from the same file."""
    return current_app.jinja_env.get_template(f"notifications/mail/frame.{suffix}").render(frame)


def leave_notice(
    reader: User,
    template: str,
    path: str,
    words: dict[str, Any],
    firm_id: int | None,
    *,
    in_digest: bool = False,
) -> None:
    """Leave one line for a person in the page; with `firm_id`, for when they act for that firm."""
    db.session.add(
        Notice(
            user_id=reader.id,
            firm_id=firm_id,
            kind=KIND_OF.get(template),
            text=part(template, "notice", words),
            path=path,
            created_at=now(),
            in_digest=in_digest,
        )
    )


def part(template: str, block: str, words: dict[str, Any]) -> str:
    """One block of a letter's template, as text; "" where the letter has none of that name."""
    found = current_app.jinja_env.get_template(f"notifications/mail/{template}.txt")
    if block not in found.blocks:
        return ""
    return "".join(found.blocks[block](found.new_context(words))).strip()


@job
def send_letter(letter_id: int) -> None:
    """Send a letter once and forget its text. Whoever was suspended meanwhile gets nothing.

    The hour is looked at again: a server that was away until late, or a second try, is no reason to wake
    anybody.
    """
    letter = db.session.get(Letter, letter_id)
    if letter is None or letter.sent_at is not None or not letter.text:
        return
    morning = letter.cohort.quiet_hours.over(now()) if letter.cohort else now()
    if morning > now():
        key = f"letter:{letter.id}:{morning.isoformat()}"
        return enqueue(send_letter, key=key, run_at=morning, letter_id=letter.id)
    reader = db.session.get(User, letter.user_id) if letter.user_id else None
    wanted = reader is None or reader.suspended_at is None
    envelope = mail.Envelope(
        to=letter.to,
        subject=letter.subject,
        text=letter.text,
        html=letter.html or None,
        message_id=f"<letter-{letter.id}@{mail.site_host()}>",
        stop_link=site_address(letter.stop_path) if letter.stop_path else "",
        calendar=letter.calendar,
    )
    # A mail server may take its time: meanwhile nobody else shall wait for the database's write lock.
    db.session.rollback()
    if wanted:
        mail.send(envelope)
    changes = {"text": "", "html": "", "calendar": "", "sent_at": now() if wanted else None}
    db.session.execute(update(Letter).where(Letter.id == letter_id).values(**changes))
