"""Work that comes after its date: what is said before, what is kept with it, what a cohort does not take."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from PIL import Image

from lms.assignments import services
from lms.assignments.models import Outcome, Submission, SubmissionState, SubmissionVersion
from lms.foundation.db import db
from lms.foundation.errors import Refused
from tests import pages
from tests.conftest import NOW


@pytest.fixture
def brief(cast):
    """The task of the first week, which is for Sunday 18 October: four days from now."""
    cast.cohort.starts_on = date(2026, 10, 12)
    return cast.version.week_rows[1].brief


@pytest.fixture
def path(brief):
    return f"/briefs/{brief.id}"


def photo():
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(buffer, "JPEG")
    buffer.seek(0)
    return buffer, "foto.jpg"


def send(member, path, **words):
    member.submit(path, "Guardar", files={"frente-file": photo()})
    return member.submit(path, "Enviar a", **words)


def the_version() -> SubmissionVersion:
    return db.session.query(SubmissionVersion).order_by(SubmissionVersion.id.desc()).first()


def test_the_rule_is_said_before_sending(cast, browser, path):
    member = browser(cast.owner)
    words = "Se entrega el domingo 18 de octubre. Si la mandas después, se revisa igual y queda como tarde."
    assert words in member.get(path).text
    cast.cohort.late_days = 3
    assert "Hasta el miércoles 21 de octubre también se recibe y queda como tarde" in member.get(path).text
    cast.cohort.late_days = 0
    assert "Después de ese día ya no se recibe" in member.get(path).text


def test_what_comes_in_time_keeps_its_date(cast, browser, path, stopped_clock):
    # The last second of Sunday in Mexico City.
    stopped_clock(datetime(2026, 10, 19, 5, 59, 59, tzinfo=UTC))
    page = send(browser(cast.owner), path)
    version = the_version()
    assert (version.due_on, version.late) == (date(2026, 10, 18), False)
    assert "Llegó a tiempo." in page.text


def test_one_second_later_it_is_late_and_everybody_sees_it(cast, browser, path, stopped_clock):
    stopped_clock(datetime(2026, 10, 19, 6, 0, 0, tzinfo=UTC))
    member = browser(cast.owner)
    assert "Todavía puedes enviarla: se revisa igual y queda como tarde." in member.get(path).text
    page = send(member, path)
    version = the_version()
    assert (version.due_on, version.late) == (date(2026, 10, 18), True)
    assert "Llegó tarde." in page.text
    work = version.submission_id
    trainer = browser(cast.trainer)
    for where in (f"/submissions/{work}", f"/submissions/{work}/review", "/review", "/home"):
        assert "Tarde" in trainer.get(where).text, where
    assert "Tarde" in member.get(path).text and "era para el 18 oct" in member.get(path).text


def test_the_clock_of_the_phone_decides_nothing_but_is_shown(cast, browser, path, stopped_clock):
    """Made on Sunday without a connection, arrived on Tuesday: late, and the trainer sees why."""
    member = browser(cast.owner)
    member.submit(path, "Guardar", files={"frente-file": photo()})
    form = member.get(path)
    stopped_clock(datetime(2026, 10, 20, 18, 0, tzinfo=UTC))
    sent = {name: value[0] for name, value in pages.values(form.form_with({"text"}, "Enviar a")).items()}
    answer = member.post(f"{path}/hand-in", sent, headers={"Replay": str(2 * 24 * 3600)})
    assert answer.status == 200 and "Folio" in answer.json["said"][0]
    version = the_version()
    assert version.late and version.made_offline_at == datetime(2026, 10, 18, 18, 0, tzinfo=UTC)
    page = browser(cast.trainer).get(f"/submissions/{version.submission_id}/review")
    assert "Se hizo sin conexión el domingo 18 de octubre" in page.text
    assert "Cuenta el momento en que llegó." in page.text


def test_after_the_last_day_it_is_not_taken_and_nothing_is_lost(cast, browser, path, stopped_clock):
    cast.cohort.late_days = 2
    member = browser(cast.owner)
    stopped_clock(datetime(2026, 10, 21, 18, 0, tzinfo=UTC))
    page = send(member, path, text="Lo hice en la noche")
    assert "Ya pasó el último día de esta tarea." in str(page.errors)
    assert "Lo hice en la noche" in page.html and "Guardada" in page.text
    assert "Pedir más días" in page.text
    work = db.session.query(Submission).one()
    assert (work.state, work.text, len(work.versions)) == (SubmissionState.DRAFT, "Lo hice en la noche", 0)
    with pytest.raises(Refused, match="último día"):
        services.hand_in(work, by=cast.owner)


def test_a_correction_is_as_late_as_what_it_corrects(cast, browser, path, stopped_clock):
    cast.cohort.late_days = 0
    member = browser(cast.owner)
    send(member, path)
    work = db.session.query(Submission).one()
    services.review(work, Outcome.RETURNED, {}, "Acércate más", revision=work.revision, by=cast.trainer)
    stopped_clock(NOW + timedelta(days=20))
    assert "Una corrección no tiene fecha" in member.get(path).text
    page = member.submit(path, "Enviar a", text="Otra vez")
    assert "Versión: 2" in page.text and "Llegó a tiempo." in page.text
    assert (the_version().due_on, the_version().late) == (date(2026, 10, 18), False)


def test_dates_that_change_later_rewrite_nothing(cast, browser, path):
    send(browser(cast.owner), path)
    cast.cohort.starts_on = date(2026, 9, 14)
    assert (the_version().due_on, the_version().late) == (date(2026, 10, 18), False)
    page = browser(cast.owner).get(f"/submissions/{the_version().submission_id}/receipts/1")
    assert "domingo 18 de octubre" in page.text and "Llegó a tiempo." in page.text


def test_the_letter_lists_what_was_sent_and_says_whether_it_came_late(cast, browser, path, letters):
    cast.cohort.starts_on, cast.cohort.time_zone = date(2026, 9, 14), "America/Tijuana"
    send(browser(cast.owner), path, text="Mi trabajo")
    letter = [one for one in letters() if one.to == cast.owner.email][-1]
    assert letter.subject == "Recibimos tu trabajo"
    assert "el miércoles 14 de octubre a las 11:00 a. m." in letter.text
    assert "- Foto de frente: foto, 1 KB" in letter.text and "- lo que escribiste" in letter.text
    assert "Era para el domingo 20 de septiembre y llegó tarde." in letter.text
    assert the_version().folio in letter.text
