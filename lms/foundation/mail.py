"""Letters on their way out: one protocol, sent by SMTP, shown on the console, or kept in memory for tests."""

import smtplib
import ssl
import threading
import time
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from functools import cache
from typing import Protocol
from urllib.parse import unquote, urlsplit

from flask import current_app

from lms.foundation.ics import method_of

LETTERS_PER_CONNECTION = 100
LONGEST_IDLE = 15.0  # seconds


@dataclass(frozen=True)
class Envelope:
    """A letter ready to go. `message_id` is stable, so that a repeated delivery can be recognised.

    `stop_link` takes the POST with which a mail program stops such letters by one click (RFC 8058);
    `calendar` is an iCalendar object that goes along (RFC 6047).
    """

    to: str
    subject: str
    text: str
    html: str | None
    message_id: str
    stop_link: str = ""
    calendar: str = ""


class Mailer(Protocol):
    def send(self, envelope: Envelope) -> None:
        """Hand the letter over, or raise OSError (SMTPException is one) to have it tried again later."""


class SmtpMailer:
    """Sends through `smtp://user:password@host:port` (STARTTLS when offered) or `smtps://…`.

    A connection is kept for the letters that follow at once, one in each thread: to greet a mail server takes
    longer than to hand it a letter.
    """

    def __init__(self, url: str, sender: str) -> None:
        self.parts = urlsplit(url)
        self.sender = sender
        self._kept = threading.local()

    def send(self, envelope: Envelope) -> None:
        message = as_message(envelope, self.sender)
        connection = self._connection()
        try:
            connection.send_message(message)
        except smtplib.SMTPResponseException:
            raise  # the server said no to this letter, and waits for the next
        except Exception:
            self._hang_up()
            raise

    def _connection(self) -> smtplib.SMTP:
        """The one that is open, if it still answers. It is asked first: once a letter is on its way, nobody
        could tell whether a second try makes two of it."""
        kept: smtplib.SMTP | None = getattr(self._kept, "connection", None)
        if kept is None or self._is_used_up() or not _answers(kept):
            self._hang_up()
            kept = self._kept.connection = self._open()
            self._kept.letters = 0
        self._kept.letters += 1
        self._kept.used_at = time.monotonic()
        return kept

    def _is_used_up(self) -> bool:
        idle = time.monotonic() - self._kept.used_at
        return self._kept.letters >= LETTERS_PER_CONNECTION or idle > LONGEST_IDLE

    def _open(self) -> smtplib.SMTP:
        host, port = self.parts.hostname or "localhost", self.parts.port
        if self.parts.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=20, context=_secure())
        else:
            connection = smtplib.SMTP(host, port or 25, timeout=20)
        try:
            connection.ehlo_or_helo_if_needed()
            if self.parts.scheme == "smtp" and connection.has_extn("starttls"):
                connection.starttls(context=_secure())
            if self.parts.username:
                connection.login(unquote(self.parts.username), unquote(self.parts.password or ""))
        except Exception:
            connection.close()
            raise
        return connection

    def _hang_up(self) -> None:
        kept = getattr(self._kept, "connection", None)
        if kept is not None:
            kept.close()
            self._kept.connection = None


def _answers(connection: smtplib.SMTP) -> bool:
    try:
        return connection.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


@cache
def _secure() -> ssl.SSLContext:
    """Read once: it takes longer than sending a letter."""
    return ssl.create_default_context()


class ConsoleMailer:
    """Prints letters, for a machine that has no mail yet."""

    def __init__(self, sender: str) -> None:
        self.sender = sender

    def send(self, envelope: Envelope) -> None:
        print(f"\n--- mail to {envelope.to}: {envelope.subject}\n{envelope.text}\n---", flush=True)


class MemoryMailer:
    """Keeps letters in a list that tests read."""

    def __init__(self) -> None:
        self.sent: list[Envelope] = []

    def send(self, envelope: Envelope) -> None:
        self.sent.append(envelope)


def as_message(envelope: Envelope, sender: str) -> EmailMessage:
    """An RFC 5322 message. Header values are set through the e-mail policy, which refuses line breaks."""
    message = EmailMessage()
    name, address = parseaddr(sender)
    local, _, domain = address.partition("@")
    message["From"] = Address(name, local, domain)
    message["To"] = envelope.to
    message["Subject"] = envelope.subject
    message["Message-ID"] = envelope.message_id
    message["Auto-Submitted"] = "auto-generated"
    if envelope.stop_link:
        message["List-Unsubscribe"] = f"<{envelope.stop_link}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(envelope.text)
    if envelope.html:
        message.add_alternative(envelope.html, subtype="html")
    if envelope.calendar:
        kind = {"method": method_of(envelope.calendar), "name": "sesion.ics"}
        message.add_attachment(envelope.calendar, subtype="calendar", params=kind, filename="sesion.ics")
    return message


def mailer_for(url: str, sender: str) -> Mailer:
    """The mailer that MAIL_URL names: `smtp://…`, `smtps://…`, `console:` or `memory:`."""
    if url.startswith(("smtp://", "smtps://")):
        return SmtpMailer(url, sender)
    if url == "memory:":
        return MemoryMailer()
    return ConsoleMailer(sender)


def send(envelope: Envelope) -> None:
    """Send through the mailer of the running app. Only jobs call this: a request never waits for mail."""
    current_app.extensions["mailer"].send(envelope)


def site_host() -> str:
    """The name under which this house is known in letters and calendars."""
    sender = parseaddr(current_app.config["MAIL_FROM"])[1]
    return urlsplit(current_app.config["SITE_URL"]).hostname or sender.rpartition("@")[2] or "localhost"
