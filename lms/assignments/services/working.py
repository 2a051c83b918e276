"""What a firm does with a task: keeps words and files, and hands them in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, undefer

from lms import events
from lms.assignments.deadlines import day_of
from lms.assignments.models import Assistance, Attachment, Submission, SubmissionState, SubmissionVersion
from lms.assignments.services.dates import deadline_of
from lms.assignments.services.locking import lock
from lms.assignments.work import files, history, new_folio, problems, web_address, whole
from lms.cohorts.models import AT_WORK, Enrolment
from lms.cohorts.services import note_activity
from lms.curriculum.models import Brief, CourseVersion
from lms.foundation import storage, uploads
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _

MOST_UPLOADS = 100

OPEN = (SubmissionState.DRAFT, SubmissionState.RETURNED)


def save_draft(enrolment: Enrolment, brief: Brief, text: str, link: str, *, by: Any) -> Submission:
    """Keep the words as they are, finished or not."""
    submission = _open_work(enrolment, brief)
    submission.text, submission.link, submission.draft_saved_at = text.strip(), link.strip(), now()
    _note_activity(enrolment, by)
    return submission


def keep_file(
    enrolment: Enrolment, brief: Brief, slot_key: str, name: str, content: bytes, *, by: Any
) -> Attachment:
    """Put a photo or file into its place, instead of the one that was there."""
    slot = _slot(brief, slot_key)
    submission = _open_work(enrolment, brief)
    used = db.session.scalars(select(func.count()).where(Attachment.submission_id == submission.id)).one()
    if used >= MOST_UPLOADS:
        raise Refused(_("There are too many files in this task. Write to your mentor."))
    name = _plain(name) or slot["title"]
    accepted = uploads.accept(name, content, slot["kind"])
    kept = storage.put(accepted.content)
    small = storage.put(accepted.thumbnail) if accepted.thumbnail else None
    _replace(submission, slot_key)
    attachment = Attachment(
        submission=submission,
        enrolment_id=enrolment.id,
        firm_id=enrolment.firm_id,
        user_id=by.id,
        slot=slot_key,
        original_name=name,
        media_type=accepted.media_type,
        size=kept.size,
        sha256=kept.sha256,
        storage_key=kept.key,
        thumbnail_key=small.key if small else None,
        uploaded_at=now(),
    )
    db.session.add(attachment)
    submission.draft_saved_at = now()
    _note_activity(enrolment, by)
    db.session.flush()
    return attachment


def _plain(name: str) -> str:
    """The name of a file as people read it: without folders, without signs that turn or hide what follows."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return " ".join("".join(sign if sign.isprintable() else " " for sign in last).split())[-120:]


def remove_file(enrolment: Enrolment, brief: Brief, slot_key: str, *, by: Any) -> None:
    """Empty a place. What was handed in before keeps its files."""
    _slot(brief, slot_key)
    submission = _open_work(enrolment, brief)
    _replace(submission, slot_key)
    submission.draft_saved_at = now()
    _note_activity(enrolment, by)


def hand_in(
    submission: Submission, *, by: Any, made_at: datetime | None = None, assisted: bool = False
) -> SubmissionVersion:
    """Send the work as it is now. What was sent is kept as a version with the folio of its receipt.

    `made_at`: when it was sent on a phone without a connection. Dates go by when it arrives. `assisted`:
    staff hand it in for a firm, which is asked whether it is its work.
    """
    lock(submission)
    if submission.state not in OPEN:
        raise Refused(_("This work was sent already. Wait for the answer before you send it again."))
    stops = what_stops(submission.enrolment, submission.brief, submission)
    if stops:
        raise Refused(next(iter(stops.values())))
    arrived = now()
    due_on, late = _due_facts(submission, arrived)
    submission.state, submission.handed_in_at = SubmissionState.HANDED_IN, arrived
    submission.revision += 1
    submission.to_confirm = assisted
    version = SubmissionVersion(
        folio=new_folio(),
        submission=submission,
        enrolment_id=submission.enrolment_id,
        firm_id=submission.firm_id,
        user_id=by.id,
        number=len(submission.versions) + 1,
        text=submission.text,
        link=web_address(submission.link) or "",
        attachment_ids=[attachment.id for attachment in files(submission).values()],
        handed_in_at=arrived,
        made_offline_at=made_at,
        due_on=due_on,
        late=late,
        assistance=Assistance.ASKED if assisted else None,
    )
    db.session.add(version)
    db.session.flush()
    _note_activity(submission.enrolment, by)
    handed_in = events.SubmissionHandedIn(
        actor_id=by.id,
        enrolment_id=submission.enrolment_id,
        firm_id=submission.firm_id,
        submission_id=submission.id,
        title=submission.brief.title,
        folio=version.folio,
        assisted=assisted,
    )
    events.publish(handed_in)
    return version


def what_stops(enrolment: Enrolment, brief: Brief, submission: Submission | None) -> dict[str, str]:
    """What keeps the work from being sent, in words, by place; "closed" when its last day has passed."""
    stops = problems(brief, submission)
    if first_version(submission) is None:
        day = day_of(now(), enrolment.cohort.time_zone)
        if deadline_of(enrolment, brief).is_closed(day):
            stops["closed"] = _(
                "The last day for this task has passed. Ask for more days: what you have done is kept."
            )
    return stops


def first_version(submission: Submission | None) -> SubmissionVersion | None:
    """The version by which it is decided whether the work came late; what the firm says is not its own
    does not count."""
    versions = submission.versions if submission else ()
    return next((one for one in versions if one.assistance is not Assistance.OBJECTED), None)


def _due_facts(submission: Submission, arrived: datetime) -> tuple[date | None, bool]:
    """For when the work was, and whether it comes late. A correction is as late as what it corrects."""
    first = first_version(submission)
    if first is not None:
        return first.due_on, first.late
    due = deadline_of(submission.enrolment, submission.brief)
    return due.due_on, due.is_late(day_of(arrived, submission.enrolment.cohort.time_zone))


def is_open(submission: Submission | None) -> bool:
    """Whether the firm may still change the work: it is not begun, a draft, or was sent back."""
    return submission is None or submission.state in OPEN


def brief_of(enrolment: Enrolment, brief_id: int) -> Brief | None:
    """The task, if the firm's course has it or the firm began it under an earlier version of the course."""
    begun = select(Submission.brief_id).where(Submission.enrolment_id == enrolment.id)
    here = or_(Brief.version_id == enrolment.cohort.course_version_id, Brief.id.in_(begun))
    return db.session.scalar(
        select(Brief).where(Brief.id == brief_id, here).options(undefer(Brief.html), joinedload(Brief.week))
    )


def brief_named(enrolment: Enrolment, slug: str) -> Brief | None:
    """The task of that name in the firm's course, else in an earlier version of it."""
    course = enrolment.cohort.course_version.course_id
    newest_first = (Brief.version_id != enrolment.cohort.course_version_id, Brief.id.desc())
    named = (
        select(Brief)
        .join(CourseVersion, CourseVersion.id == Brief.version_id)
        .where(Brief.slug == slug, CourseVersion.course_id == course)
    )
    return db.session.scalars(named.options(joinedload(Brief.week)).order_by(*newest_first).limit(1)).first()


def work_at(enrolment: Enrolment, brief: Brief) -> Submission | None:
    """The firm's work at the task with its history; also what it began under an earlier version."""
    newest_first = (Submission.brief_id != brief.id, Submission.id.desc())
    found = (
        select(Submission)
        .join(Brief, Brief.id == Submission.brief_id)
        .where(Submission.enrolment_id == enrolment.id, Brief.slug == brief.slug)
        .order_by(*newest_first)
        .limit(1)
    )
    return db.session.scalars(found.options(*history())).first()


def with_history(submission: Submission) -> Submission:
    """The same work with its versions, reviews and files loaded in a fixed number of queries."""
    return whole(submission)


def addressee(enrolment: Enrolment) -> str | None:
    """The first name of who gets the work: the firm's mentor, else a trainer of the cohort."""
    if enrolment.mentor is not None:
        return enrolment.mentor.first_name
    return next((trainer.first_name for trainer in enrolment.cohort.trainers), None)


def _open_work(enrolment: Enrolment, brief: Brief) -> Submission:
    """The firm's work at the task, open for changes; begun when there is none, once for both its people."""
    if enrolment.state not in AT_WORK:
        raise Refused(_("Your course has ended. You can read your work, but not change it."))
    submission = work_at(enrolment, brief) or _begin(enrolment, brief)
    lock(submission)
    if submission.state not in OPEN:
        raise Refused(_("This work was sent already. Wait for the answer before you change it."))
    return submission


def _begin(enrolment: Enrolment, brief: Brief) -> Submission:
    submission = Submission(enrolment_id=enrolment.id, firm_id=enrolment.firm_id, brief=brief)
    try:
        with db.session.begin_nested():
            db.session.add(submission)
    except IntegrityError:
        # The other person of the firm began it in this moment.
        same = (Submission.enrolment_id == enrolment.id) & (Submission.brief_id == brief.id)
        return db.session.scalars(select(Submission).where(same)).one()
    return submission


def _replace(submission: Submission, slot_key: str) -> None:
    for attachment in submission.attachments:
        if attachment.slot == slot_key and attachment.replaced_at is None:
            attachment.replaced_at = now()


def _slot(brief: Brief, key: str) -> dict[str, Any]:
    slot = next((slot for slot in brief.slots if slot["key"] == key), None)
    if slot is None:
        raise Refused(_("This task has no such place."))
    return slot


def _note_activity(enrolment: Enrolment, by: Any) -> None:
    """What staff do for a firm is no sign of life of the firm."""
    if getattr(by, "firm_id", None) == enrolment.firm_id:
        note_activity(enrolment)
