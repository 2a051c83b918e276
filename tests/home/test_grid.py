"""The grid of a cohort: four marks in each cell, which opens what waits in it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lms.assignments.models import SubmissionState
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.home import grid
from lms.home.marks import Mark, four
from lms.mentoring.models import Session, SessionKind, SessionState
from lms.standing.services import progress_of
from lms.standing.shapes import WeekCell
from tests import build
from tests.standing import deeds

TODAY = date(2026, 10, 14)
PAST, AHEAD = TODAY - timedelta(days=3), TODAY + timedelta(days=4)
CELL = WeekCell(
    number=1, read=0, lessons=3, quiz=False, brief_state="", due_on=PAST, brief_due_on=PAST, mark="late"
)


def marks(session="", **changes):
    return "".join(four(replace(CELL, **changes), session, TODAY))


@pytest.mark.parametrize(
    "changes, expected",
    [
        ({}, "llln"),
        ({"read": 1}, "llln"),
        ({"read": 3}, "ylln"),
        ({"quiz": True}, "lyln"),
        ({"brief_state": "draft"}, "llln"),
        ({"brief_state": "handed_in"}, "llpn"),
        ({"brief_state": "returned"}, "llpn"),
        ({"brief_state": "accepted"}, "llyn"),
        ({"brief_due_on": AHEAD}, "llon"),
        ({"due_on": AHEAD, "brief_due_on": AHEAD, "mark": "now"}, "ooon"),
        ({"due_on": AHEAD, "brief_due_on": AHEAD, "mark": "now", "read": 2}, "poon"),
        ({"mark": "pause"}, "ooon"),
        ({"lessons": 0, "quiz": None, "brief_state": None, "mark": "ahead"}, "nnnn"),
    ],
)
def test_each_part_has_its_mark(changes, expected):
    assert marks(**changes) == expected


@pytest.mark.parametrize(
    "state, expected", [("held", "y"), ("made_up", "y"), ("missed", "l"), ("planned", "o")]
)
def test_the_session_has_its_mark(state, expected):
    assert marks(state)[3] == expected


def test_each_mark_has_a_shape_of_its_own():
    shapes = {str(grid.sample(mark)) for mark in Mark}
    assert len(shapes) == len(Mark)


# The sessions of the weeks


def meet(cast, day, state, enrolment=None, hour=18):
    keys = deeds.keys_of(enrolment or cast.enrolment)
    starts_at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return build.add(
        Session(**keys, host_id=cast.trainer.id, kind=SessionKind.VISIT, starts_at=starts_at, state=state)
    )


def sessions(cast):
    progress = progress_of(cast.cohort)
    return {week: met.state for week, met in progress[-1].sessions.items()}


@pytest.mark.parametrize(
    "day, hour, week",
    [
        (date(2026, 9, 10), 18, 0),
        (date(2026, 9, 14), 6, 1),
        (date(2026, 9, 14), 5, 0),  # still Sunday in Mexico
        (date(2026, 9, 21), 5, 1),
        (date(2026, 9, 21), 6, 2),
    ],
)
def test_a_session_is_in_the_week_of_the_cohorts_calendar(cast, day, hour, week):
    found = meet(cast, day, SessionState.HELD, hour=hour)
    version = build.course_version(number=2, weeks=6)
    wide = build.cohort(cast.programme, version, "Ancha", starts_on=date(2026, 9, 14))
    found.enrolment.cohort_id = wide.id
    db.session.flush()
    assert list(progress_of(wide)[0].sessions) == [week]


@pytest.mark.parametrize(
    "states, shown",
    [
        ((SessionState.HELD, SessionState.MISSED), "missed"),
        ((SessionState.MISSED, SessionState.HELD), "missed"),
        ((SessionState.PLANNED, SessionState.HELD), "planned"),
        ((SessionState.CANCELLED, SessionState.HELD), "held"),
    ],
)
def test_of_several_sessions_the_one_that_needs_a_look_is_shown(cast, states, shown):
    for state in states:
        meet(cast, date(2026, 9, 10), state)
    assert sessions(cast) == {0: shown}


def test_a_session_after_the_last_week_has_no_cell(cast):
    meet(cast, date(2026, 9, 30), SessionState.HELD)
    assert sessions(cast) == {}


# The page


def cells(page):
    """The links of the cells of each firm, with what they say."""
    rows = page.root.find_all("tbody")[0].find_all("tr")
    return {
        row.find_all("th")[0].text: [(a.attributes["href"], a.text) for a in row.find_all(class_="wk")]
        for row in rows
    }


def open_grid(cast, browser, who="trainer"):
    return browser(getattr(cast, who)).get(f"/cohorts/{cast.cohort.id}/grid")


def test_a_cell_opens_the_work_that_waits_for_a_review(cast, browser):
    work = build.submission(cast.enrolment, cast.version.week_rows[0].brief, cast.owner)
    href, said = cells(open_grid(cast, browser))["Telas Lupita"][0]
    assert href == f"/submissions/{work.id}/review"
    assert "tarea por calificar" in said


def test_a_cell_opens_the_session_that_is_planned(cast, browser):
    one = meet(cast, date(2026, 9, 15), SessionState.PLANNED)
    href, said = cells(open_grid(cast, browser))["Telas Lupita"][1]
    assert href == f"/sessions/{one.id}" and "mentoría planeada" in said


def test_a_cell_where_nothing_waits_opens_the_firms_week(cast, browser):
    build.submission(cast.enrolment, cast.version.week_rows[0].brief, cast.owner, SubmissionState.ACCEPTED)
    held = meet(cast, date(2026, 9, 10), SessionState.HELD)
    href, said = cells(open_grid(cast, browser))["Telas Lupita"][0]
    assert href == f"/enrolments/{cast.enrolment.id}?week=0#week"
    assert said == "atrasada, 0 de 2 lecciones, prueba sin pasar, tarea aprobada, mentoría con asistencia"
    page = browser(cast.trainer).get(href.partition("#")[0])
    assert "Semana 0" in page.text and "0 de 2 lecciones" in page.text
    assert f"/sessions/{held.id}" in page.links


@pytest.mark.parametrize("week", ["99", "-1", "x", "", "9" * 50])
def test_a_week_that_there_is_not_is_left_out_of_the_firms_page(cast, browser, week):
    page = browser(cast.trainer).get(f"/enrolments/{cast.enrolment.id}?week={week}")
    assert page.status == 200 and not page.root.find_all("h2", id="week")


def test_every_drawing_that_a_cell_uses_is_on_the_page_once(cast, browser):
    build.submission(cast.enrolment, cast.version.week_rows[0].brief, cast.owner)
    page = open_grid(cast, browser)
    used = {one.attributes["href"].removeprefix("#") for one in page.root.find_all("use")}
    there = [one.attributes["id"] for one in page.root.find_all("symbol")]
    assert used == set(there) and len(there) == len(set(there))


def test_an_empty_cohort_says_so(cast, browser):
    empty = build.cohort(cast.programme, cast.version, "Vacía")
    assert "Aquí todavía no hay empresas" in browser(cast.lead).get(f"/cohorts/{empty.id}/grid").text


def test_sixty_firms_and_sixteen_weeks_ask_at_most_twelve_questions(cast, browser, count_queries):
    version = build.course_version(number=2, weeks=16)
    wide = build.cohort(cast.programme, version, "Grande", starts_on=date(2026, 8, 3))
    for number in range(60):
        person = build.user(f"Persona {number}")
        enrolment = build.enrol(build.firm(f"Taller {number:02d}", person), wide)
        build.submission(enrolment, version.week_rows[number % 16].brief, person)
        build.add(
            Session(
                **deeds.keys_of(enrolment), host_id=cast.trainer.id, kind=SessionKind.CLINIC, starts_at=now()
            )
        )
    lead = browser(cast.lead)
    lead.get(f"/cohorts/{wide.id}/grid")
    with count_queries() as queries:
        page = lead.get(f"/cohorts/{wide.id}/grid")
    assert len(cells(page)) == 60 and all(len(row) == 16 for row in cells(page).values())
    assert len(queries) <= 12, "\n".join(queries)
