"""Reviews and opinions of the invented programme are made the way people make them."""

from lms.assignments.models import HeldReview, Opinion, Review
from lms.foundation.db import db
from lms.foundation.jobs import run_due
from lms.ops import demo_reviews
from lms.permissions import Role
from tests import build


def test_some_reviews_wait_and_a_colleague_is_asked(cast, browser):
    colleague = build.user("Tina Capacita", Role.TRAINER, email="tina@example.org")
    cohort = db.session.merge(cast.cohort)
    cohort.trainers.append(colleague)
    brief = cast.version.week_rows[1].brief
    for number in range(6):
        firm = build.firm(
            f"Taller {number}", build.user(f"Dueña {number}", Role.MEMBER, email=f"d{number}@example.org")
        )
        build.submission(build.enrol(firm, cohort), brief, firm.people[0])
    db.session.commit()
    demo_reviews.add_reviews()
    db.session.commit()
    assert db.session.query(HeldReview).count() == demo_reviews.HELD
    assert [opinion.given_at is not None for opinion in db.session.query(Opinion)] == [False, True]
    run_due()
    assert db.session.query(Review).count() == 0, "their moment is still to come"
    page = browser(cast.trainer).get("/review")
    assert "Calificadas, se muestran después" in page.text and "Te piden tu opinión" in page.text
