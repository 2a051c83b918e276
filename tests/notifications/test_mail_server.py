"""Letters through a real mail server: they arrive once, also when the server was down for a while."""

import email
import email.policy
import random
import socket
import threading
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller

from lms.foundation.clock import now
from lms.foundation.db import db, transaction
from lms.foundation.jobs import BACK_OFF, Job, dead_jobs, run_due
from lms.foundation.mail import SmtpMailer
from lms.notifications.letters import speaking, write
from lms.notifications.models import Letter

SENDER = "Avisos de Diseño <avisos@pespunte.example>"


class Mailbox:
    """Keeps what the server was handed."""

    def __init__(self):
        self.messages = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (aiosmtpd's name)
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def mailbox():
    return Mailbox()


@pytest.fixture
def server(mailbox, port):
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    yield controller
    if controller.server is not None:
        controller.stop()


@pytest.fixture
def by_smtp(app, port, monkeypatch):
    monkeypatch.setitem(app.extensions, "mailer", SmtpMailer(f"smtp://127.0.0.1:{port}", SENDER))


def test_a_letter_arrives_once_with_its_accents(cast, by_smtp, server, mailbox, monkeypatch):
    server.start()
    with transaction(), speaking("es_MX"):
        write("socia@example.org", "certificate", "/certificate", {"name": "Íñigo Muñoz"})
        db.session.query(Letter).one().subject = "Mañana: tu constancia está lista"
    run_due()
    run_due()

    (message,) = mailbox.messages
    letter = db.session.query(Letter).one()
    assert message["Subject"] == "Mañana: tu constancia está lista"
    assert message["From"] == SENDER
    assert message["Message-ID"] == f"<letter-{letter.id}@localhost>"
    plain, html = message.iter_parts()
    assert "Hola, Íñigo Muñoz:" in plain.get_content()
    assert "Hola, Íñigo Muñoz:" in html.get_content()
    assert (letter.text, letter.sent_at) == ("", now())


def test_while_the_server_is_down_the_letter_waits_and_arrives_once(
    cast, by_smtp, server, mailbox, stopped_clock
):
    with transaction(), speaking("es_MX"):
        write("socia@example.org", "certificate", "/certificate", {"name": "Sol"})
    run_due()
    waiting = db.session.query(Job).filter_by(name="send_letter").one()
    assert waiting.done_at is None and waiting.run_at == now() + BACK_OFF[0]
    assert "constancia" in db.session.query(Letter).one().text
    db.session.rollback()

    server.start()
    run_due()
    assert mailbox.messages == []
    stopped_clock(now() + timedelta(minutes=2))
    run_due()
    run_due()
    assert len(mailbox.messages) == 1
    db.session.expire_all()
    assert db.session.query(Job).filter_by(name="send_letter").one().done_at is not None


class PoorMailbox(Mailbox):
    """Of ten deliveries it asks one to come back later; it hangs up after each `letters`."""

    def __init__(self, letters=None):
        super().__init__()
        self.chance, self.letters = random.Random(4), letters
        self.refused = self.greeted = 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        self.greeted += 1
        session.host_name = hostname
        return responses

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.chance.random() < 0.1:
            self.refused += 1
            return "451 4.3.0 Try again later"
        taken = await super().handle_DATA(server, session, envelope)
        if self.letters and len(self.messages) % self.letters == 0:
            server.transport.close()
        return taken


def write_many(count):
    with transaction(), speaking("es_MX"):
        for number in range(count):
            write(f"socia.{number}@example.org", "certificate", "/certificate", {"name": "Sol"})


def run_until_nothing_waits(stopped_clock):
    start = now()
    while run_due(1000) or db.session.query(Job).filter_by(done_at=None, dead_at=None).count():
        db.session.rollback()
        stopped_clock(now() + timedelta(seconds=1))
        assert now() - start < timedelta(minutes=1), "the last letter takes too long"


def ids_of(mailbox) -> list[str]:
    return sorted(message["Message-ID"] for message in mailbox.messages)


def test_letters_that_are_refused_for_a_while_arrive_within_a_minute_each_once(
    cast, by_smtp, port, stopped_clock
):
    mailbox = PoorMailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    write_many(150)
    run_until_nothing_waits(stopped_clock)
    controller.stop()
    assert ids_of(mailbox) == sorted(f"<letter-{one.id}@localhost>" for one in db.session.query(Letter))
    assert mailbox.refused > 5 and dead_jobs() == []
    assert db.session.query(Letter).filter(Letter.text != "").count() == 0
    assert mailbox.greeted <= 4, "letters share a connection"


def test_two_workers_send_each_letter_once(cast, house, by_smtp, port, stopped_clock):
    mailbox = PoorMailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    write_many(40)

    def work():
        with house.app_context():
            run_due(1000)
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    run_until_nothing_waits(stopped_clock)
    controller.stop()
    assert len(ids_of(mailbox)) == len(set(ids_of(mailbox))) == 40


def test_a_server_that_hangs_up_between_letters_gets_each_once(cast, by_smtp, port, stopped_clock):
    mailbox = PoorMailbox(letters=3)
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    write_many(20)
    run_until_nothing_waits(stopped_clock)
    controller.stop()
    assert len(set(ids_of(mailbox))) == 20


def test_a_slow_server_keeps_nobody_from_writing(cast, app, monkeypatch):
    """The write lock of the database is free while a letter is on its way."""
    from sqlalchemy import text

    class Slow:
        def send(self, envelope):
            with db.engine.connect() as other:
                other.execute(text("UPDATE firm SET city = 'León'"))
                other.commit()

    monkeypatch.setitem(app.extensions, "mailer", Slow())
    with transaction(), speaking("es_MX"):
        write("socia@example.org", "certificate", "/certificate", {"name": "Sol"})
    run_due()
    assert db.session.query(Job).filter_by(name="send_letter").one().error is None
    assert db.session.query(Letter).one().sent_at == now()
