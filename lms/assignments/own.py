"""What a person handed in and what was said of it, for the file of their own data."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from lms.assignments.models import Review, Submission, SubmissionVersion
from lms.curriculum.models import Brief
from lms.foundation.db import db
from lms.foundation.own_data import Row


def work(who: Any) -> Iterable[Row]:
    """Each version that one sent, with the review that the firm knows. What is held back is not told."""
    sent = (
        select(SubmissionVersion, Brief.title, Review)
        .join(Submission, Submission.id == SubmissionVersion.submission_id)
        .join(Brief, Brief.id == Submission.brief_id)
        .outerjoin(
            Review,
            (Review.submission_id == Submission.id) & (Review.version_number == SubmissionVersion.number),
        )
        .where(SubmissionVersion.user_id == who.id)
        .order_by(SubmissionVersion.id, Review.id)
    )
    for version, title, review in db.session.execute(sent):
        yield {
            "task": title,
            "folio": version.folio,
            "text": version.text,
            "link": version.link,
            "files": len(version.attachment_ids),
            "handed_in_at": version.handed_in_at,
            "outcome": review.outcome if review else "",
            "feedback": review.feedback if review else "",
            "reviewed_at": review.reviewed_at if review else None,
        }


TELLS = {"work": work}
