"""A house in which three firms have one of everything, in words that nobody else may read."""

from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

from lms.accounts.models import Firm, Membership, MembershipKind, User
from lms.cohorts.models import Cohort, Enrolment
from lms.curriculum.models import CourseVersion, CurriculumFigure
from lms.foundation.clock import now
from lms.foundation.db import db
from lms.notifications.models import Notice
from tests import build
from tests.build import add
from tests.matrix import books, furniture, letters, meetings, ways_in
from tests.matrix.furniture import AMOUNTS, CANARIES

PLACES = ("own", "rival", "other", "missing")
# Who asks, in the order of the columns of the tables: what the cast calls them.
WHO = {
    "anon": None,
    "invit": "invited",
    "membr": "son",
    "owner": "owner",
    "r-mem": "rival_member",
    "r-own": "rival",
    "other": "outsider",
    "mentr": "mentor",
    "m-not": "other_mentor",
    "train": "trainer",
    "t-not": "other_trainer",
    "lead": "lead",
    "l-not": "other_lead",
    "admin": "admin",
    "ex-mb": "ex_member",
    "suspd": "suspended_user",
}

NOWHERE = 987654321
SHA = {"own": "a" * 64, "other": "b" * 64}


@dataclass
class Place:
    """What addresses are made of at one firm: the arguments of routes by name, or by endpoint and name."""

    arguments: dict[str, Any] = field(default_factory=dict)

    def of(self, endpoint: str, names: set[str]) -> dict[str, Any]:
        return {name: self.arguments.get(f"{endpoint} {name}", self.arguments.get(name)) for name in names}


@dataclass
class World:
    """The keys of everybody by the name of their column, and the addresses of each place."""

    people: dict[str, SimpleNamespace | None]
    places: dict[str, Place]


def build_world() -> World:
    """Everything there is, three times, and the addresses of what does not exist."""
    cast = build.cast()
    for enrolment in (cast.enrolment, cast.rival_enrolment, cast.outsider_enrolment):
        enrolment.id += furniture.MOVED_BY
    db.session.flush()
    cast.rival_member = _second_person(cast.rival_firm)
    firms = {"own": cast.firm, "rival": cast.rival_firm, "other": cast.outsider_firm}
    people = {"own": cast.son, "rival": cast.rival_member, "other": cast.outsider}
    for name, firm in firms.items():
        _name_after(firm, CANARIES[name].names)
    cast.invited = _invited_person(cast)
    for letter, version in (("a", cast.version), ("b", cast.other_version)):
        add(CurriculumFigure(sha256=letter * 64, media_type="image/svg+xml", content=b"<svg/>"))
        version.milestones[1].description = "Cuenta"
        furniture.taught_besides(version)
    phrases = furniture.kept_phrases(cast)
    past = {
        "own": _past_cohort(cast.programme, cast.version, cast.trainer.id),
        "other": _past_cohort(cast.other_programme, cast.other_version, cast.other_trainer.id),
    }
    past["rival"] = past["own"]
    reports = {
        "own": furniture.published(cast.programme, cast.lead),
        "other": furniture.published(cast.other_programme, cast.other_lead),
    }
    reports["rival"] = reports["own"]
    enrolments = {"own": cast.enrolment, "rival": cast.rival_enrolment, "other": cast.outsider_enrolment}
    places = {
        name: _furnish(cast, name, people[name], enrolments[name], past[name])
        for name in ("own", "rival", "other")
    }
    for name, number in phrases.items():
        places[name].arguments["phrase_id"] = number
    for name, number in reports.items():
        places[name].arguments |= {"report_snapshot_id": number, "reports.compare_snapshots number": number}
    places["missing"] = _nowhere(places["own"])
    db.session.flush()
    return World(
        {name: _key(getattr(cast, called), cast.firm) for name, called in WHO.items() if called}, places
    )


def _key(person, firm: Firm) -> SimpleNamespace:
    """What a session keeps of a person. Who left a firm may still have one that acts for it."""
    return SimpleNamespace(
        id=person.id, epoch=person.epoch, firm_id=getattr(person, "firm_id", None) or firm.id
    )


def _second_person(firm: Firm):
    user = build.user("Raúl Sol")
    add(Membership(firm_id=firm.id, user_id=user.id, kind=MembershipKind.STAFF, joined_at=build.LONG_AGO))
    return build.as_person(user)


def _name_after(firm: Firm, canary: str) -> None:
    firm.name = f"{firm.name} {canary}"
    for membership in db.session.query(Membership).filter_by(firm_id=firm.id, ended_at=None):
        membership.user.name = f"{membership.user.name} {canary}"


def _invited_person(cast: SimpleNamespace):
    """Somebody who has signed in before, belongs to no firm, and has an invitation into this one."""
    user = build.user("Inés Invitada")
    ways_in.invite(cast.firm.id, user.email, "invited")
    return build.as_person(user)


def _past_cohort(programme, version: CourseVersion, trainer_id: int) -> Cohort:
    """A cohort that is over: what was decided in it hangs there, so that the firms can still be at work."""
    trainer = db.session.get_one(User, trainer_id)
    return build.cohort(programme, version, "Primavera", trainer, starts_on=date(2026, 1, 12))


def _furnish(cast, name: str, person, enrolment: Enrolment, past: Cohort) -> Place:
    whose = {"enrolment_id": enrolment.id, "firm_id": enrolment.firm_id}
    by = {**whose, "user_id": person.id}
    version = enrolment.cohort.course_version
    words = CANARIES[name]
    made: dict[str, Any] = {
        "enrolment_id": enrolment.id,
        "cohort_id": enrolment.cohort_id,
        "programme_id": enrolment.programme_id,
        "course_version_id": version.id,
        "user_id": person.id,
        "lesson_id": version.week_rows[0].lessons[0].id,
        "quiz_id": version.week_rows[0].quiz.id,
        "brief_id": version.week_rows[0].brief.id,
        "milestone_definition_id": version.milestones[1].id,
        "knowledge_test_id": version.tests[0].id,
        "cohorts.edit_fact key": "tarifa",
        "tool": "reorder-point",
        "slug": "week-00/leccion-1",
        "slot": "frente",
        "moment": "middle",
        "gradebook.give_test_again moment": "before",
        "act": "resend",
        "reason": "quiet",
        "number": 1,
        "month": furniture.MONTH.isoformat()[:7],
        "channel": "counter",
        "sha256": SHA["other" if name == "other" else "own"],
        "extension": "svg",
        "kind": "json",
    }
    ways_in.consents(person, enrolment)
    made |= ways_in.phones(person, enrolment.firm_id, name)
    made |= ways_in.invitations(enrolment, name)
    made |= ways_in.pausing(by, words)
    made |= ways_in.asked_again(by, name)
    made |= furniture.learnt(by, version, words)
    made |= furniture.handed_in(by, enrolment, version, words, person)
    made |= meetings.mentored(by, whose, enrolment, version, words, cast)
    made |= letters.written(by, enrolment, words)
    made |= books.sold(by, enrolment, version, words, AMOUNTS[name], person)
    made |= furniture.decided(enrolment, past, words)
    made |= furniture.calculated(by, words)
    made |= furniture.failed(words)
    made["notice_id"] = add(
        Notice(user_id=person.id, firm_id=enrolment.firm_id, text=words.work, path="/home", created_at=now())
    ).id
    return Place(made)


def _nowhere(own: Place) -> Place:
    """The same addresses with keys that nothing has."""
    strange = {"number": 99, "slug": "week-99/nada", "slot": "frente", "sha256": "0" * 64, "folio": "0" * 26}
    kept = {"moment", "reason", "act", "month", "extension", "kind"}
    missing = {
        name: value
        if name.rpartition(" ")[2] in kept
        else NOWHERE
        if isinstance(value, int) and name != "number"
        else "no-such-thing"
        for name, value in own.arguments.items()
    }
    return Place(missing | strange)
