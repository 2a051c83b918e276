"""Letters on their way out: one protocol, sent by SMTP, shown on the console, or kept in memory for tests."""

import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Protocol
from urllib.parse import unquote, urlsplit

from flask import current_app

from lms.foundation.ics import method_of


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
    """Sends through `smtp://user:password@host:port` (STARTTLS when offered) or `smtps://…`."""

    def __init__(self, url: str, sender: str) -> None:
        self.parts = urlsplit(url)
        self.sender = sender

    def send(self, envelope: Envelope) -> None:
        host, port = self.parts.hostname or "localhost", self.parts.port
        secure = ssl.create_default_context()
        if self.parts.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=20, context=secure)
        else:
            connection = smtplib.SMTP(host, port or 25, timeout=20)
        with connection:
            if self.parts.scheme == "smtp" and connection.has_extn("starttls"):
                connection.starttls(context=secure)
            if self.parts.username:
                connection.login(unquote(self.parts.username), unquote(self.parts.password or ""))
            connection.send_message(as_message(envelope, self.sender))


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
