"""The marks of a cohort: what each cell says, what can be chosen, the files, who answered what."""

import csv
import io
from zipfile import ZipFile

import pytest

from lms.assignments.models import SubmissionState
from lms.cohorts.models import EnrolmentState
from lms.curriculum import syllabus
from lms.curriculum.models import KnowledgeTest
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.gradebook.choice import Choice
from lms.learning import resets
from lms.learning.models import Sitting, SittingMoment
from tests import build
from tests.standing.deeds import attempt


@pytest.fixture
def path(cast):
    return f"/cohorts/{cast.cohort.id}/gradebook"


@pytest.fixture
def weeks(cast):
    return cast.version.week_rows


def row_of(page, name):
    return next(row for row in page.root.find_all("tr") if name in row.text)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def with_test(cast):
    titles = {"title": "Examen", "title_en": "Test", "summary_en": "", "html": ""}
    tests = [build.add(KnowledgeTest(version_id=cast.version.id, form=form, **titles)) for form in "AB"]
    syllabus.forget()
    return tests[0]


def sat(enrolment, person, test, moment=SittingMoment.BEFORE):
    by = {"enrolment_id": enrolment.id, "firm_id": enrolment.firm_id, "user_id": person.id}
    return build.add(Sitting(**by, moment=moment, form="A", test_id=test.id, started_at=now(), sent_at=now()))


def test_the_best_try_the_points_and_the_states_are_in_the_row_of_the_firm(cast, browser, path, weeks):
    attempt(cast.enrolment, cast.owner, weeks[0].quiz, passed=False)
    attempt(cast.enrolment, cast.son, weeks[0].quiz, passed=True)
    attempt(cast.enrolment, cast.owner, weeks[1].quiz, passed=False)
    accepted = build.submission(cast.enrolment, weeks[0].brief, cast.owner, SubmissionState.ACCEPTED)
    waiting = build.submission(cast.enrolment, weeks[1].brief, cast.owner)
    page = browser(cast.trainer).get(path)
    row = row_of(page, "Telas Lupita")
    assert [cell.text.split() for cell in row.find_all("td")] == [
        ["3/3", "✓", "aprobada"], ["7/9", "✓", "aprobada"], ["0/3", "no", "aprobada"], ["por", "calificar"],
    ]  # fmt: skip
    assert {f"/submissions/{accepted.id}", f"/submissions/{waiting.id}"} <= set(page.links)
    assert all("nada todavía" in cell.text for cell in row_of(page, "Costuras Rosa").find_all("td"))


def test_work_sent_back_has_no_mark_yet(cast, browser, path, weeks):
    build.submission(cast.enrolment, weeks[0].brief, cast.owner, SubmissionState.RETURNED)
    row = row_of(browser(cast.trainer).get(path), "Telas Lupita")
    assert "regresada" in row.text and "/9" not in row.text


def test_weeks_kinds_and_firms_can_be_chosen(cast, browser, path, weeks):
    trainer = browser(cast.trainer)

    def heads(query):
        return [head.text for head in trainer.get(f"{path}?{query}").root.find_all("th", scope="col")][1:]

    assert len(heads("")) == 4
    assert len(heads("week=1")) == 2 and all("Semana 1" in head for head in heads("week=1"))
    assert len(heads("kind=quiz")) == 2 and all("Prueba" in head for head in heads("kind=quiz"))
    cast.rival_enrolment.state = EnrolmentState.WITHDRAWN
    page = trainer.get(path)
    assert "Telas Lupita" in page.text and "Costuras Rosa" not in page.text
    assert "Costuras Rosa" in trainer.get(f"{path}?state=all").text
    assert "Telas Lupita" not in trainer.get(f"{path}?state=withdrawn").text
    cast.rival_enrolment.state = EnrolmentState.ACTIVE
    mine = trainer.get(f"{path}?mine=1")
    assert "Costuras Rosa" in mine.text and "Telas Lupita" not in mine.text


@pytest.mark.parametrize("query", ["week=nada", "week=99999999999", "kind=x&state=y", "week=77", "mine=%00"])
def test_what_an_address_cannot_mean_is_left_out(cast, browser, path, query):
    assert browser(cast.trainer).get(f"{path}?{query}").status == 200


def test_what_is_ahead_waits_unless_all_weeks_are_asked_for():
    entries = [entry(week) for week in (0, 1, 2)]
    assert [one.week for one in Choice().entries(entries, 1)] == [0, 1]
    assert [one.week for one in Choice(week="all").entries(entries, 1)] == [0, 1, 2]
    assert [one.week for one in Choice(week="2").entries(entries, 1)] == [2]
    assert Choice.read(Choice(week="2", kind="quiz", state="all", mine=True).asked).asked == {
        "week": "2", "kind": "quiz", "state": "all", "mine": "1",
    }  # fmt: skip


def entry(week):
    return syllabus.Entry(
        kind="quiz", id=week, slug=f"q{week}", title="", title_en="", week=week,
        minutes=None, kilobytes=None, questions=3, optional=False,
    )  # fmt: skip


def test_of_the_test_one_sees_how_many_sent_it_and_never_what_they_answered(cast, browser, path):
    test = with_test(cast)
    for person in (cast.owner, cast.son):
        sat(cast.enrolment, person, test).marks = {"fotos": True}
    page = browser(cast.trainer).get(f"{path}?kind=test")
    cells = row_of(page, "Telas Lupita").find_all("td")
    assert [cell.text.split() for cell in cells] == [["2", "enviado"], ["—", "nada", "todavía"]]
    assert f"/cohorts/{cast.cohort.id}/test" in page.links


def test_the_file_has_numbers_and_no_formulas(cast, browser, path, weeks):
    cast.firm.name = "=cmd|' /C calc'!A0"
    attempt(cast.enrolment, cast.owner, weeks[0].quiz, passed=True)
    build.submission(cast.enrolment, weeks[0].brief, cast.owner, SubmissionState.ACCEPTED)
    db.session.commit()
    trainer = browser(cast.trainer)
    head, *rows = read(trainer.client.get(f"{path}.csv").data)
    mine = dict(zip(head, next(row for row in rows if "cmd" in row[0]), strict=True))
    assert mine["Empresa"].startswith("'=")
    assert mine["Semana 0 · Prueba 0 · por ciento"] == "100"
    assert mine["Semana 0 · Tarea 0 · puntos"] == "7" and mine["Semana 0 · Tarea 0 · puntos posibles"] == "9"
    assert len(read(trainer.client.get(f"{path}.csv?week=1&kind=quiz").data)[0]) == 5
    book = ZipFile(io.BytesIO(trainer.client.get(f"{path}.xlsx").data))
    texts = book.read("xl/sharedStrings.xml").decode()
    assert "=cmd" in texts and "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()
    assert "Lupita Ríos" in texts, "the second sheet says who answered"


def test_who_of_a_firm_did_what_is_told_person_by_person(cast, browser, weeks):
    attempt(cast.enrolment, cast.owner, weeks[0].quiz, passed=False)
    attempt(cast.enrolment, cast.owner, weeks[0].quiz, passed=True, number=2)
    attempt(cast.enrolment, cast.son, weeks[0].quiz, passed=False)
    page = browser(cast.mentor).get(f"/enrolments/{cast.enrolment.id}/marks")
    said = " ".join(page.text.split())
    assert "Lupita Ríos Prueba 0, intento 1: 0 de 3 (14 oct) · Prueba 0, intento 2: 3 de 3 ✓ (14 oct)" in said
    assert "Beto Ríos Prueba 0, intento 1: 0 de 3 (14 oct)" in said


def test_the_queries_do_not_grow_with_the_firms(cast, browser, path, weeks, count_queries):
    trainer, pages = browser(cast.trainer), (path, f"{path}.csv", f"{path}.xlsx")
    for page in pages:
        trainer.get(page)
    for number in range(30):
        person = build.user(f"Persona {number}")
        enrolment = build.enrol(build.firm(f"Empresa {number}", person), cast.cohort)
        for week in weeks:
            attempt(enrolment, person, week.quiz, passed=True)
            build.submission(enrolment, week.brief, person, SubmissionState.ACCEPTED)
    db.session.commit()
    for page in pages:
        with count_queries() as queries:
            assert trainer.get(page).status == 200
        assert len(queries) <= 12, "\n".join(queries)
    test = with_test(cast)
    for person in (cast.owner, cast.son):
        sat(cast.enrolment, person, test)
        for week in weeks:
            attempt(cast.enrolment, person, week.quiz, passed=True)
            resets.give_quiz_again(cast.enrolment, person.id, week.quiz, "Otra vez", by=cast.trainer)
    db.session.commit()
    marks = f"/enrolments/{cast.enrolment.id}/marks"
    trainer.get(marks)
    with count_queries() as queries:
        trainer.get(marks)
    assert len(queries) <= 12, "\n".join(queries)
