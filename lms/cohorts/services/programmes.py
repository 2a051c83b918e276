"""Programmes and their notices; cohorts: opened, changed until they start, moved to another version."""

from collections.abc import Collection
from datetime import time
from typing import Any

from sqlalchemy import Select, false, select

from lms import events
from lms.accounts.models import User
from lms.cohorts.catalogues import TIME_ZONES
from lms.cohorts.models import Cohort, PrivacyNotice, Programme
from lms.cohorts.quiet import LONGEST, QuietHours
from lms.cohorts.rules import GraduationRules
from lms.cohorts.schedule import is_monday
from lms.cohorts.shapes import CohortData, ProgrammeData
from lms.curriculum.models import Course, CourseVersion
from lms.foundation.clock import now, today
from lms.foundation.db import db
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.permissions import Role

LONGEST_LATE = 60


def programmes_visible_to(person: Any) -> Select[Programme]:
    """All of them for administrators, their own for leads, by name."""
    reaches = {Role.ADMIN: Programme.id.is_not(None), Role.LEAD: Programme.id.in_(person.programme_ids)}
    return select(Programme).where(reaches.get(person.role, false())).order_by(Programme.name, Programme.id)


def current_notice(programme_id: int) -> PrivacyNotice | None:
    """The notice people read today: the newest version."""
    versions = select(PrivacyNotice).where(PrivacyNotice.programme_id == programme_id)
    return db.session.scalars(versions.order_by(PrivacyNotice.version.desc()).limit(1)).first()


def create_programme(data: ProgrammeData, *, by: Any) -> Programme:
    programme = Programme(created_at=now(), invented=data.invented, name=data.name, convener=data.convener)
    _check_name(data.name, None)
    _write(programme, data)
    db.session.add(programme)
    db.session.flush()
    _publish_notice(programme, data.notice)
    events.publish(events.ProgrammeChanged(actor_id=by.id, programme_id=programme.id, what="created"))
    return programme


def change_programme(programme: Programme, data: ProgrammeData, *, by: Any) -> None:
    """Keep what was changed; a changed privacy notice becomes its next version and the old ones stay."""
    _check_name(data.name, programme.id)
    leads_before = {lead.id for lead in programme.leads}
    _write(programme, data)
    changed = ["details"]
    if _publish_notice(programme, data.notice):
        changed.append("notice")
    if leads_before != set(data.lead_ids):
        changed.append("leads")
    events.publish(
        events.ProgrammeChanged(actor_id=by.id, programme_id=programme.id, what=", ".join(changed))
    )


def published_versions() -> list[CourseVersion]:
    """The newest version of every course, by title: what a new cohort can be taught."""
    newest: dict[int, CourseVersion] = {}
    for version in db.session.scalars(select(CourseVersion).join(Course).order_by(CourseVersion.number)):
        newest[version.course_id] = version
    return sorted(newest.values(), key=lambda version: version.title)


def other_versions(cohort: Cohort) -> list[CourseVersion]:
    """The other published versions of the course a cohort takes, newest first."""
    others = select(CourseVersion).where(
        CourseVersion.course_id == cohort.course_version.course_id,
        CourseVersion.id != cohort.course_version_id,
    )
    return list(db.session.scalars(others.order_by(CourseVersion.number.desc())))


def has_started(cohort: Cohort) -> bool:
    return today(cohort.time_zone) >= cohort.starts_on


def open_cohort(programme: Programme, version: CourseVersion, data: CohortData, *, by: Any) -> Cohort:
    if current_notice(programme.id) is None:
        raise Refused(_("This programme has no privacy notice yet. An administrator writes it first."))
    cohort = Cohort(programme_id=programme.id, course_version_id=version.id, created_at=now(), rules={})
    _check_cohort(programme.id, None, data)
    cohort.starts_on, cohort.rules, cohort.late_days = data.starts_on, data.rules.to_json(), data.late_days
    cohort.name, cohort.time_zone = data.name, data.time_zone
    cohort.trainers = _people(data.trainer_ids, Role.TRAINER)
    db.session.add(cohort)
    db.session.flush()
    events.publish(events.CohortOpened(actor_id=by.id, cohort_id=cohort.id))
    return cohort


def change_cohort(cohort: Cohort, data: CohortData, *, by: Any) -> None:
    """Change a cohort; once it has started, its start, time zone and rules are promises and stay."""
    _check_cohort(cohort.programme_id, cohort.id, data)
    promised = (cohort.starts_on, cohort.time_zone, GraduationRules.from_json(cohort.rules), cohort.late_days)
    if has_started(cohort) and promised != (data.starts_on, data.time_zone, data.rules, data.late_days):
        raise Refused(_("The cohort has started: its start, time zone and rules stay as they are."))
    cohort.name, cohort.time_zone, cohort.starts_on = data.name, data.time_zone, data.starts_on
    if not has_started(cohort):
        cohort.rules, cohort.late_days = data.rules.to_json(), data.late_days
    cohort.trainers = _people(data.trainer_ids, Role.TRAINER)
    what = f"cohort {cohort.id} changed"
    events.publish(events.ProgrammeChanged(actor_id=by.id, programme_id=cohort.programme_id, what=what))


def set_quiet_hours(cohort: Cohort, begins: time, ends: time, *, by: Any) -> None:
    """Say when letters that can wait leave this cohort in peace; the same hour twice means never."""
    if QuietHours(begins, ends, cohort.time_zone).length > LONGEST:
        raise Refused(_("At most 14 hours: otherwise there is no time left for letters."))
    cohort.quiet_from, cohort.quiet_until = begins, ends
    db.session.flush()
    what = f"cohort {cohort.id} quiet from {begins:%H:%M} to {ends:%H:%M}"
    events.publish(events.ProgrammeChanged(actor_id=by.id, programme_id=cohort.programme_id, what=what))


def move_cohort(cohort: Cohort, version: CourseVersion, *, by: Any) -> None:
    """Let the cohort go on with another published version of the same course."""
    if version.course_id != cohort.course_version.course_id:
        raise Refused(_("That is another course. A cohort moves only between versions of its own."))
    if version.id == cohort.course_version_id:
        raise Refused(_("The cohort has this version already."))
    cohort.course_version_id = version.id
    db.session.flush()
    db.session.expire(cohort, ["course_version"])
    events.publish(events.CohortMoved(actor_id=by.id, cohort_id=cohort.id, course_version_id=version.id))


def _check_name(name: str, programme_id: int | None) -> None:
    same = db.session.scalars(select(Programme).where(Programme.name == name)).first()
    if same is not None and same.id != programme_id:
        raise Refused(_("There is a programme called “%(name)s” already.", name=name))


def _write(programme: Programme, data: ProgrammeData) -> None:
    programme.name, programme.convener, programme.contact = data.name, data.convener, data.contact
    programme.commitments, programme.report_public = data.commitments, data.report_public
    programme.leads = _people(data.lead_ids, Role.LEAD)


def _publish_notice(programme: Programme, text: str) -> bool:
    """A new version of the notice if its text is new."""
    text = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if not text:
        raise Refused(_("Write the privacy notice: without it nobody can be invited."))
    latest = current_notice(programme.id)
    if latest is not None and latest.text == text:
        return False
    number = latest.version + 1 if latest else 1
    db.session.add(PrivacyNotice(programme_id=programme.id, version=number, text=text, published_at=now()))
    db.session.flush()
    db.session.expire(programme, ["notices"])
    return True


def _check_cohort(programme_id: int, cohort_id: int | None, data: CohortData) -> None:
    if not is_monday(data.starts_on):
        raise Refused(_("A cohort starts on a Monday. Choose another day."))
    if data.late_days is not None and not 0 <= data.late_days <= LONGEST_LATE:
        raise Refused(_("Late tasks are taken for 0 to %(most)s days, or always.", most=LONGEST_LATE))
    if data.time_zone not in TIME_ZONES:
        raise Refused(_("Choose one of the time zones of the list."))
    named = select(Cohort).where(Cohort.programme_id == programme_id, Cohort.name == data.name)
    same = db.session.scalars(named).first()
    if same is not None and same.id != cohort_id:
        raise Refused(_("There is a cohort called “%(name)s” in this programme already.", name=data.name))


def _people(ids: Collection[int], role: Role) -> list[User]:
    found = list(db.session.scalars(select(User).where(User.id.in_(ids), User.role == role)))
    if len(found) != len(set(ids)):
        raise Refused(_("Somebody you chose has another role now. Choose again."))
    return found
