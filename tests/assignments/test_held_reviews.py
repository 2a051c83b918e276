"""Reviews that the firm sees at a set moment: until then nobody of it reads a word, and nothing is lost."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lms.assignments import services
from lms.assignments.models import (
    Assistance,
    HeldReview,
    Outcome,
    Review,
    ReviewDraft,
    Submission,
    SubmissionState,
)
from lms.assignments.summaries import waiting_by_cohort
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.jobs import run_due
from tests import build

ALL = {"level_0": "3", "level_1": "2", "level_2": "1"}
LEVELS = {"Luz": 3, "Fondo": 2, "Detalle": 1}
# Friday the 16th at nine in the morning in Mexico City: two days from the tests' Wednesday.
LATER = {"when": "later", "show_on": "2026-10-16", "show_at": "09:00"}
MOMENT = datetime(2026, 10, 16, 9, tzinfo=ZoneInfo("America/Mexico_City"))
SECRET = "Canarioretenido"


@pytest.fixture
def work(cast):
    return build.submission(cast.enrolment, cast.version.week_rows[1].brief, cast.owner)


def page_of(work):
    return f"/submissions/{work.id}/review"


def hold(work, by, outcome=Outcome.RETURNED, words=SECRET, after=timedelta(days=1)):
    db.session.refresh(work)
    return services.hold(work, outcome, LEVELS, words, now() + after, revision=work.revision, by=by)


def pages_of_the_firm(app, work):
    """Every page that needs no key, those of this work, and the search for what must not be found."""
    plain = {
        rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and not rule.arguments
    } - {"/sign-out"}
    number, brief = work.id, work.brief_id
    of_work = {
        f"/briefs/{brief}", f"/briefs/{brief}/more-days", f"/submissions/{number}",
        f"/submissions/{number}/receipts/1", f"/submissions/{number}/review", f"/submissions/{number}/object",
        f"/course/search?q={SECRET.lower()}", "/course/weeks/1/sheet",
    }  # fmt: skip
    return sorted(plain | of_work)


def seen_by_the_firm(app, work, cast, browser, letters):
    """Everything that its people can open or download, and everything sent to anybody."""
    found = [str(letter) for letter in letters()]
    for person in (cast.owner, cast.son):
        someone = browser(person)
        found += [someone.get(path).html for path in pages_of_the_firm(app, work)]
    return "\n".join(found)


def do_jobs():
    db.session.commit()
    run_due()


def test_nobody_of_the_firm_reads_a_held_word_before_its_moment(
    app, cast, work, browser, letters, stopped_clock
):
    page = browser(cast.trainer).submit(page_of(work), "Pedir cambios", feedback=SECRET, **LATER)
    assert "16 oct, 9:00 a. m." in page.text
    assert SECRET not in seen_by_the_firm(app, work, cast, browser, letters)
    assert db.session.query(Review).count() == 0
    told = len(letters())
    stopped_clock(MOMENT - timedelta(seconds=1))
    do_jobs()
    assert db.session.query(Review).count() == 0 and len(letters()) == told
    stopped_clock(MOMENT + timedelta(days=1))
    do_jobs()
    made = db.session.query(Review).one()
    assert (made.feedback, made.grader_id, made.reviewed_at) == (SECRET, cast.trainer.id, now())
    assert seen_by_the_firm(app, work, cast, browser, letters).count(SECRET) >= 4
    assert "cambio" in browser(cast.son).get("/notices").text
    assert db.session.query(HeldReview).count() == 0


def test_standing_and_queue_know_only_that_it_is_handed_in(cast, work, browser):
    other = build.submission(cast.rival_enrolment, work.brief, cast.rival)
    hold(work, cast.trainer, Outcome.ACCEPTED)
    task = services.standings([cast.enrolment.id])[cast.enrolment.id][work.brief.slug]
    assert (task.state, task.times_returned) == (SubmissionState.HANDED_IN, 0)
    assert services.accepted_briefs([cast.enrolment.id])[cast.enrolment.id] == frozenset()
    assert [row.submission_id for row in services.queue_for(cast.trainer)] == [other.id]
    assert waiting_by_cohort([cast.cohort.id])[cast.cohort.id][0] == 1
    queue = browser(cast.lead).get("/review")
    assert "Calificadas, se muestran después" in queue.text and "Telas Lupita" in queue.text
    assert services.held_for(cast.other_trainer) == [] and services.held_for(cast.mentor) == []


def test_the_mentor_reads_what_the_firm_reads(cast, work, browser):
    hold(work, cast.trainer)
    assert SECRET not in browser(cast.mentor).get(f"/submissions/{work.id}").html
    assert SECRET in browser(cast.lead).get(f"/submissions/{work.id}").text


def test_its_reviewer_changes_it_and_finds_the_moment(cast, work, browser, stopped_clock):
    trainer = browser(cast.trainer)
    trainer.submit(page_of(work), "Pedir cambios", feedback=SECRET, **LATER)
    page = trainer.get(page_of(work))
    assert page.root.find("textarea", name="feedback").text.strip() == SECRET
    assert page.root.find("input", name="show_on").attributes["value"] == "2026-10-16"
    assert page.root.find("input", name="show_at").attributes["value"] == "09:00"
    trainer.send(page, page_of(work), "Aprobar", feedback="Ya quedó", show_on="2026-10-20", **ALL)
    held = db.session.query(HeldReview).one()
    assert (held.outcome, held.feedback) == (Outcome.ACCEPTED, "Ya quedó")
    assert held.show_at == MOMENT + timedelta(days=4)
    stopped_clock(MOMENT + timedelta(days=1))
    do_jobs()  # the job of the first moment finds that it was moved
    assert db.session.query(Review).count() == 0
    stopped_clock(MOMENT + timedelta(days=5))
    do_jobs()
    assert db.session.query(Review).one().feedback == "Ya quedó"
    do_jobs()
    assert db.session.query(Review).count() == 1


def test_a_held_review_can_be_shown_at_once_by_its_button_or_its_form(cast, work, browser):
    hold(work, cast.trainer)
    browser(cast.lead).submit(page_of(work), "Mostrarla ahora")
    made = db.session.query(Review).one()
    assert (made.grader_id, made.feedback) == (cast.trainer.id, SECRET)
    other = build.submission(cast.rival_enrolment, work.brief, cast.rival)
    hold(other, cast.trainer)
    browser(cast.trainer).submit(page_of(other), "Pedir cambios", when="now")
    db.session.refresh(other)
    assert other.state is SubmissionState.RETURNED and db.session.query(HeldReview).count() == 0


def test_what_is_taken_back_is_a_draft_again(cast, work, browser, stopped_clock):
    hold(work, cast.trainer)
    page = browser(cast.trainer).submit(page_of(work), "Retirarla")
    assert page.root.find("textarea", name="feedback").text.strip() == SECRET
    assert [row.submission_id for row in services.queue_for(cast.lead)] == [work.id]
    stopped_clock(now() + timedelta(days=2))
    do_jobs()
    assert db.session.query(Review).count() == 0


def test_taking_back_keeps_what_was_typed_since(cast, work):
    hold(work, cast.trainer)
    db.session.refresh(work)
    services.save_review_draft(work, {}, "Lo nuevo", revision=work.revision, by=cast.trainer)
    services.take_back(work)
    assert db.session.query(ReviewDraft).one().feedback == "Lo nuevo"


def test_a_colleague_sees_it_and_overwrites_nothing(cast, work, browser):
    lead = browser(cast.lead)
    page = lead.get(page_of(work))
    hold(work, cast.trainer)
    answer = lead.send(page, page_of(work), "Pedir cambios", feedback="Lo de Lena")
    assert answer.status == 409 and SECRET in answer.text and "Lo de Lena" in answer.text
    assert "Aprobar y seguir" not in answer.text
    with pytest.raises(Refused, match="ya la calificó|decided already"):
        services.review(work, Outcome.RETURNED, {}, "x", revision=work.revision, by=cast.lead)
    with pytest.raises(Refused):
        services.claim(work, 24, by=cast.lead)
    assert db.session.query(HeldReview).one().feedback == SECRET


def test_work_that_the_firm_changed_is_not_answered_with_what_was_said_of_the_old(
    cast, work, browser, stopped_clock
):
    work.to_confirm, work.versions[0].assistance = True, Assistance.ASKED
    work.versions[0].user_id = cast.mentor.id
    db.session.flush()
    hold(work, cast.trainer)
    services.object_to(work, "No es nuestra", by=cast.owner)
    stopped_clock(now() + timedelta(days=2))
    do_jobs()
    assert db.session.query(Review).count() == 0
    assert services.held_for(cast.trainer)[0].is_old
    assert SECRET in browser(cast.trainer).get(f"/submissions/{work.id}").text
    work.brief.slots = []
    db.session.flush()
    services.hand_in(work, by=cast.owner)
    page = browser(cast.trainer).get(page_of(work))
    assert SECRET in page.text and page.root.find("textarea", name="feedback").text.strip() == ""
    with pytest.raises(services.Stale):
        services.show_now(db.session.get(Submission, work.id))
    browser(cast.trainer).submit(page_of(work), "Aprobar", **ALL)
    assert db.session.query(HeldReview).count() == 0 and services.held_for(cast.trainer) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"show_on": "2026-10-14", "show_at": "09:00"}, "todavía no llega"),
        ({"show_on": "2027-10-14", "show_at": "09:00"}, "60 días"),
        ({"show_on": "", "show_at": "09:00"}, "Elige el día"),
        ({"show_on": "2026-10-16", "show_at": ""}, "Elige la hora"),
        ({"show_on": "ayer", "show_at": "25:00"}, "No es una fecha válida"),
        ({"show_on": "9999-12-31", "show_at": "23:59"}, "Elige el día"),
        ({"show_on": "0001-01-01", "show_at": "00:00"}, "Elige el día"),
    ],
)
def test_a_moment_that_cannot_be_is_refused_and_all_stays(cast, work, browser, fields, words):
    page = browser(cast.trainer).submit(
        page_of(work), "Pedir cambios", feedback="Va bien", when="later", level_0="2", **fields
    )
    assert page.status == 422 and words in page.text and "Va bien" in page.text
    assert page.root.find("input", name="level_0", value="2").attributes.get("checked") is not None
    assert db.session.query(HeldReview).count() == 0


def test_what_was_shown_already_is_not_shown_twice(cast, work, browser):
    hold(work, cast.trainer)
    trainer = browser(cast.trainer)
    page = trainer.get(page_of(work))
    trainer.send(page, page_of(work), "Mostrarla ahora", follow=False)
    answer = browser(cast.lead).send(page, page_of(work), "Retirarla", follow=False)
    assert answer.status < 500
    assert db.session.query(Review).count() == 1 and db.session.query(HeldReview).count() == 0
