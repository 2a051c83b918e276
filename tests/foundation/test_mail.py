"""Letters: their headers cannot be broken open, and SMTP gets what was meant."""

import pytest
from aiosmtpd.controller import Controller

from lms.foundation.mail import (
    ConsoleMailer,
    Envelope,
    MemoryMailer,
    SmtpMailer,
    as_message,
    mailer_for,
    send,
)

SENDER = "Pespunte <avisos@example.org>"


def letter(**changes) -> Envelope:
    fields = {
        "to": "lupita@example.org",
        "subject": "Tu código",
        "text": "Es 123456. ñandú",
        "html": None,
        "message_id": "<1.abc@example.org>",
    }
    return Envelope(**fields | changes)


def test_a_letter_says_who_sends_it_and_that_a_machine_did():
    message = as_message(letter(), SENDER)
    assert message["From"] == SENDER and message["To"] == "lupita@example.org"
    assert message["Auto-Submitted"] == "auto-generated" and message["Message-ID"] == "<1.abc@example.org>"
    assert "ñandú" in message.get_content()


def test_a_letter_with_html_has_both_forms():
    message = as_message(letter(html="<p>Hola</p>"), SENDER)
    kinds = [part.get_content_type() for part in message.iter_parts()]
    assert kinds == ["text/plain", "text/html"]


@pytest.mark.parametrize("field", ["to", "subject", "message_id"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_a_line_break_in_a_header_is_refused(field, line_break):
    hostile = f"x@example.org{line_break}Bcc: victim@example.org"
    with pytest.raises(ValueError):
        as_message(letter(**{field: hostile}), SENDER)


def test_what_is_typed_into_a_letters_text_stays_text():
    message = as_message(letter(text="Hola\n\nBcc: victim@example.org\n.\nQUIT"), SENDER)
    assert message["Bcc"] is None and "Bcc: victim@example.org" in message.get_content()


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("smtp://x:25", SmtpMailer),
        ("smtps://x", SmtpMailer),
        ("memory:", MemoryMailer),
        ("console:", ConsoleMailer),
    ],
)
def test_the_setting_chooses_the_mailer(url, kind):
    assert isinstance(mailer_for(url, SENDER), kind)


class Post:
    """A post office that keeps what it was handed, or says it is full."""

    def __init__(self):
        self.letters = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 (aiosmtpd's name)
        if self.answer.startswith("250"):
            self.letters.append(envelope)
        return self.answer


class OnAnyPort(Controller):
    """With port 0 aiosmtpd would look for itself at the wrong door."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def post():
    office = Post()
    controller = OnAnyPort(office, hostname="127.0.0.1", port=0)
    controller.start()
    office.port = controller.port
    yield office
    controller.stop()


def test_smtp_gets_the_letter(post):
    SmtpMailer(f"smtp://127.0.0.1:{post.port}", SENDER).send(letter())
    (received,) = post.letters
    assert received.rcpt_tos == ["lupita@example.org"] and received.mail_from == "avisos@example.org"
    assert b"Message-ID: <1.abc@example.org>" in received.content


def test_a_full_post_office_is_an_error_that_a_job_tries_again(post):
    post.answer = "452 full"
    with pytest.raises(OSError):
        SmtpMailer(f"smtp://127.0.0.1:{post.port}", SENDER).send(letter())


def test_a_post_office_that_is_away_is_an_error_that_a_job_tries_again():
    with pytest.raises(OSError):
        SmtpMailer("smtp://127.0.0.1:9", SENDER).send(letter())


def test_the_console_shows_a_letter(capsys):
    ConsoleMailer(SENDER).send(letter())
    assert "mail to lupita@example.org: Tu código" in capsys.readouterr().out


def test_the_house_sends_through_its_own_mailer(app):
    send(letter())
    assert app.extensions["mailer"].sent == [letter()]
