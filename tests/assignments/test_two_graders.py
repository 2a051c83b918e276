"""Two graders at the same work, two hundred times at the same moment: no mark is lost, none is doubled."""

import threading

from lms import events
from lms.assignments import services
from lms.assignments.models import Outcome, Review, Submission, SubmissionState
from lms.foundation.db import db, transaction
from lms.foundation.errors import Refused
from tests import build

ROUNDS = 200
LEVELS = {"Luz": 3, "Fondo": 2, "Detalle": 1}


class Grader(threading.Thread):
    """Reads the work, waits for the other one, and then acts on what was read."""

    def __init__(self, app, person, work_id, together) -> None:
        super().__init__(name=person.name)
        self.app, self.person, self.work_id, self.together = app, person, work_id, together
        self.said: list[str] = []
        self.reopened = self.turned_away = 0
        self.broken: list[BaseException] = []

    def run(self) -> None:
        with self.app.app_context():
            for number in range(ROUNDS):
                try:
                    self.act(f"{self.name} {number}", *self.read())
                except Refused:
                    self.turned_away += 1
                except BaseException as broken:
                    self.broken.append(broken)
                    self.together.abort()
                    return
                finally:
                    db.session.remove()

    def read(self) -> tuple[SubmissionState, int]:
        work = db.session.get_one(Submission, self.work_id)
        found = work.state, work.revision
        db.session.rollback()
        self.together.wait(60)
        return found

    def act(self, words: str, state: SubmissionState, revision: int) -> None:
        with transaction():
            work = db.session.get_one(Submission, self.work_id)
            if state is SubmissionState.HANDED_IN:
                services.review(work, Outcome.RETURNED, LEVELS, words, revision=revision, by=self.person)
            else:
                services.reopen(work, words, hours=0, revision=revision, by=self.person)
        if state is SubmissionState.HANDED_IN:
            self.said.append(words)
        else:
            self.reopened += 1


def test_two_graders_lose_no_mark_in_two_hundred_rounds(app, cast):
    work = build.submission(cast.enrolment, cast.version.week_rows[1].brief, cast.owner)
    db.session.commit()
    work_id, together = work.id, threading.Barrier(2)
    graders = [Grader(app, person, work_id, together) for person in (cast.trainer, cast.lead)]
    with events.silenced():
        for grader in graders:
            grader.start()
        for grader in graders:
            grader.join()
    assert [grader.broken for grader in graders] == [[], []]
    db.session.rollback()
    said = [words for grader in graders for words in grader.said]
    reopened = sum(grader.reopened for grader in graders)
    kept = db.session.query(Review).all()
    assert sorted(one.feedback for one in kept) == sorted(said), "each acknowledged mark is there once"
    assert sum(one.reopened_at is not None for one in kept) == reopened
    history = services.history_of(services.for_review(db.session.get_one(Submission, work_id)))
    assert len(history) == 1 + len(said) + reopened
    assert db.session.get_one(Submission, work_id).revision == len(said) + reopened
    # They did meet: whoever came second was told so instead of writing over the first.
    assert sum(grader.turned_away for grader in graders) == 2 * ROUNDS - len(said) - reopened >= ROUNDS // 2
