"""Two trainers who press at once, and a person who answers while a trainer sets aside."""

from concurrent.futures import ThreadPoolExecutor

from lms.cohorts import services as cohorts
from lms.cohorts.models import Enrolment, Exemption
from lms.curriculum.models import Quiz
from lms.foundation.db import db, transaction
from lms.foundation.errors import Refused
from lms.learning import resets, services
from lms.learning.models import Attempt, AttemptReset, AttemptState
from tests.standing.deeds import attempt


def at_once(app, act, count=12):
    """How often the act was carried out, each time in a transaction of its own."""
    db.session.commit()
    db.session.remove()

    def one(number):
        try:
            with app.app_context(), transaction():
                act(number)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        return sum(pool.map(one, range(count)))


def test_a_firm_is_excused_once(app, cast):
    enrolment_id, slug, trainer = cast.enrolment.id, cast.version.week_rows[1].brief.slug, cast.trainer

    def excuse(number):
        enrolment = db.session.get(Enrolment, enrolment_id)
        item = cohorts.item_named(enrolment, slug)
        cohorts.excuse(enrolment, item, f"Motivo {number}", by=trainer)

    assert at_once(app, excuse) == 1
    assert db.session.query(Exemption).count() == 1


def test_attempts_are_set_aside_once(app, cast):
    quiz = cast.version.week_rows[1].quiz
    attempt(cast.enrolment, cast.owner, quiz, passed=False)
    enrolment_id, quiz_id, owner_id, trainer = cast.enrolment.id, quiz.id, cast.owner.id, cast.trainer

    def give(number):
        enrolment, of = db.session.get(Enrolment, enrolment_id), db.session.get(Quiz, quiz_id)
        resets.give_quiz_again(enrolment, owner_id, of, f"Motivo {number}", by=trainer)

    assert at_once(app, give) == 1
    assert db.session.query(AttemptReset).count() == 1


def test_starting_answering_and_setting_aside_at_once_leave_one_that_counts(app, cast):
    quiz = cast.version.week_rows[1].quiz
    enrolment_id, quiz_id, owner, trainer = cast.enrolment.id, quiz.id, cast.owner, cast.trainer

    def act(number):
        enrolment, of = db.session.get(Enrolment, enrolment_id), db.session.get(Quiz, quiz_id)
        if number % 4 == 3:
            resets.give_quiz_again(enrolment, owner.id, of, f"Motivo {number}", by=trainer)
            return
        begun = services.start_attempt(enrolment, of, by=owner)
        services.answer(begun, begun.drawn[number % 3], 1, by=owner)

    at_once(app, act, count=32)
    kept = db.session.query(Attempt).order_by(Attempt.number).all()
    assert [one.number for one in kept] == list(range(1, len(kept) + 1))
    open_ones = [one for one in kept if one.reset_id is None and one.state is AttemptState.OPEN]
    assert len(open_ones) <= 1
    assert db.session.query(AttemptReset).count() == len({one.reset_id for one in kept if one.reset_id})
