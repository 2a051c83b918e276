"""Who may do what. The only place in the house that says so.

A permission is granted when any one of its rules holds. A rule reads like a sentence about a person and a
thing. It asks the thing only for `firm_id`, `cohort_id`, `programme_id`, `mentor_id` or `user_id`, and the
person
only for what `accounts.services.person` gathered, so the ground imports no room and no rule asks the
database.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeAlias


class Role(StrEnum):
    """What a person is asked to do; which firms, cohorts and programmes it reaches is said by assignments."""

    MEMBER = "member"
    MENTOR = "mentor"
    TRAINER = "trainer"
    LEAD = "lead"
    ADMIN = "admin"


class Permission(StrEnum):
    """Every permission of the house, named `thing:action`."""

    SIGNED_IN = "house:enter"
    ACT_FOR_FIRM = "firm:act"
    WORK_AS_STAFF = "house:work"

    SHARE_PHONE = "phone:share"
    LEAVE_PHONE = "phone:leave"
    REMOVE_PASSKEY = "passkey:remove"

    MANAGE_PEOPLE = "person:manage"
    MANAGE_PROGRAMMES = "programme:manage"
    MAKE_SIGN_IN_LINK = "person:make-link"
    READ_CURRICULUM = "curriculum:read"
    READ_PROGRAMME = "programme:read"
    LEAD_PROGRAMME = "programme:lead"
    READ_COHORT = "cohort:read"
    MANAGE_COHORT = "cohort:manage"
    READ_ENROLMENT = "enrolment:read"
    MANAGE_ENROLMENT = "enrolment:manage"

    ANSWER_ATTEMPT = "attempt:answer"
    READ_ATTEMPT = "attempt:read"
    GIVE_NEW_ATTEMPT = "attempt:give-new"
    HAND_IN_SUBMISSION = "submission:hand-in"
    READ_SUBMISSION = "submission:read"
    REVIEW_SUBMISSION = "submission:review"
    KEEP_PHRASE = "phrase:keep"
    GIVE_OPINION = "opinion:give"
    GIVE_MORE_DAYS = "extension:give"
    EXCUSE_FIRM = "exemption:give"
    HAND_IN_FOR_FIRM = "enrolment:hand-in"
    READ_ATTACHMENT = "attachment:read"

    READ_SHEET = "sheet:read"
    KEEP_SHEET = "sheet:keep"

    MENTOR_ENROLMENT = "enrolment:mentor"
    HOLD_SESSION = "session:hold"
    MOVE_SESSION = "session:move"
    KEEP_HOURS = "hours:keep"
    ANSWER_HELP = "help:answer"
    READ_MESSAGES = "messages:read"
    WRITE_MESSAGE = "message:write"
    ANNOUNCE = "announcement:write"
    READ_DELIVERY = "delivery:read"
    TICK_ACTION = "action:tick"

    READ_SALES = "sales:read"
    IMPORT_SALES = "sales:import"
    UNDO_IMPORT = "sales:undo-import"
    KEEP_CONNECTION = "connection:keep"
    END_CONNECTION = "connection:end"
    VERIFY_SALES = "sales:verify"
    READ_EVIDENCE = "evidence:read"
    VERIFY_MILESTONE = "milestone:verify"

    DECIDE = "decision:make"
    ANSWER_FOLLOW_UP = "follow-up:answer"
    ASK_FOLLOW_UP = "follow-up:ask"
    READ_REPORT = "report:read"
    PUBLISH_REPORT = "report:publish"
    KEEP_PRICES = "prices:keep"
    KEEP_JOBS = "job:keep"
    READ_AUDIT = "audit:read"


Rule: TypeAlias = Callable[[Any, Any], bool]


def is_signed_in(person, thing) -> bool:
    return True


def acts_for_a_firm(person, thing) -> bool:
    return person.firm_id is not None


def is_member_of_a_firm(person, thing) -> bool:
    return person.role is Role.MEMBER and person.firm_id is not None


def is_their_own(person, thing) -> bool:
    return person.id == thing.user_id


def in_the_firm(person, thing) -> bool:
    return person.firm_id is not None and person.firm_id == thing.firm_id


def did_it_for_the_firm(person, thing) -> bool:
    return in_the_firm(person, thing) and person.id == thing.user_id


def mentors_the_firm(person, thing) -> bool:
    return person.role in (Role.MENTOR, Role.TRAINER) and person.id == thing.mentor_id


def trains_the_cohort(person, thing) -> bool:
    return person.role is Role.TRAINER and thing.cohort_id in person.cohort_ids


def leads_the_programme(person, thing) -> bool:
    return person.role is Role.LEAD and thing.programme_id in person.programme_ids


def is_staff(person, thing) -> bool:
    return person.role is not Role.MEMBER


def teaches_or_leads(person, thing) -> bool:
    return person.role in (Role.TRAINER, Role.LEAD, Role.ADMIN)


def makes_links(person, thing) -> bool:
    return person.role in (Role.TRAINER, Role.LEAD)


def is_trainer_asked(person, thing) -> bool:
    return person.role is Role.TRAINER and person.id == thing.user_id


def offers_them(person, thing) -> bool:
    return is_staff(person, thing) and person.id == thing.user_id


def administers(person, thing) -> bool:
    return person.role is Role.ADMIN


def leads_or_administers(person, thing) -> bool:
    return person.role in (Role.LEAD, Role.ADMIN)


_STAFF_OF_THE_FIRM: tuple[Rule, ...] = (mentors_the_firm, trains_the_cohort, leads_the_programme)

POLICY: dict[Permission, tuple[Rule, ...]] = {
    Permission.SIGNED_IN: (is_signed_in,),
    Permission.ACT_FOR_FIRM: (acts_for_a_firm,),
    Permission.WORK_AS_STAFF: (is_staff,),
    Permission.SHARE_PHONE: (is_member_of_a_firm,),
    Permission.LEAVE_PHONE: (is_their_own,),
    Permission.REMOVE_PASSKEY: (is_their_own,),
    Permission.MANAGE_PEOPLE: (administers,),
    Permission.MANAGE_PROGRAMMES: (administers,),
    Permission.MAKE_SIGN_IN_LINK: (trains_the_cohort, leads_the_programme),
    Permission.READ_CURRICULUM: (teaches_or_leads,),
    Permission.READ_PROGRAMME: (leads_the_programme,),
    Permission.LEAD_PROGRAMME: (leads_the_programme,),
    Permission.READ_COHORT: (trains_the_cohort, leads_the_programme),
    Permission.MANAGE_COHORT: (leads_the_programme,),
    Permission.READ_ENROLMENT: (in_the_firm, *_STAFF_OF_THE_FIRM),
    Permission.MANAGE_ENROLMENT: (leads_the_programme,),
    Permission.ANSWER_ATTEMPT: (did_it_for_the_firm,),
    Permission.READ_ATTEMPT: _STAFF_OF_THE_FIRM,
    Permission.GIVE_NEW_ATTEMPT: (trains_the_cohort, leads_the_programme),
    Permission.HAND_IN_SUBMISSION: (in_the_firm,),
    Permission.READ_SUBMISSION: (in_the_firm, *_STAFF_OF_THE_FIRM),
    Permission.REVIEW_SUBMISSION: (trains_the_cohort, leads_the_programme),
    Permission.KEEP_PHRASE: (is_their_own,),
    Permission.GIVE_OPINION: (is_trainer_asked,),
    Permission.GIVE_MORE_DAYS: (trains_the_cohort, leads_the_programme),
    Permission.EXCUSE_FIRM: (trains_the_cohort, leads_the_programme),
    Permission.HAND_IN_FOR_FIRM: (mentors_the_firm, trains_the_cohort),
    Permission.READ_ATTACHMENT: (in_the_firm, *_STAFF_OF_THE_FIRM),
    Permission.READ_SHEET: (in_the_firm, *_STAFF_OF_THE_FIRM),
    Permission.KEEP_SHEET: (in_the_firm,),
    Permission.MENTOR_ENROLMENT: _STAFF_OF_THE_FIRM,
    Permission.HOLD_SESSION: _STAFF_OF_THE_FIRM,
    Permission.MOVE_SESSION: (in_the_firm, *_STAFF_OF_THE_FIRM),
    Permission.KEEP_HOURS: (offers_them,),
    Permission.ANSWER_HELP: _STAFF_OF_THE_FIRM,
    Permission.READ_MESSAGES: (in_the_firm, *_STAFF_OF_THE_FIRM),
    Permission.WRITE_MESSAGE: (in_the_firm, mentors_the_firm, trains_the_cohort),
    Permission.ANNOUNCE: (trains_the_cohort, leads_the_programme),
    Permission.READ_DELIVERY: (did_it_for_the_firm,),
    Permission.TICK_ACTION: (in_the_firm, *_STAFF_OF_THE_FIRM),
    Permission.READ_SALES: (in_the_firm, *_STAFF_OF_THE_FIRM),
    Permission.IMPORT_SALES: (in_the_firm,),
    Permission.UNDO_IMPORT: (in_the_firm, *_STAFF_OF_THE_FIRM),
    Permission.KEEP_CONNECTION: (in_the_firm,),
    Permission.END_CONNECTION: (in_the_firm, leads_the_programme),
    Permission.VERIFY_SALES: _STAFF_OF_THE_FIRM,
    Permission.READ_EVIDENCE: (in_the_firm, *_STAFF_OF_THE_FIRM),
    Permission.VERIFY_MILESTONE: _STAFF_OF_THE_FIRM,
    Permission.DECIDE: (leads_the_programme,),
    Permission.ANSWER_FOLLOW_UP: (in_the_firm,),
    Permission.ASK_FOLLOW_UP: (trains_the_cohort, leads_the_programme),
    Permission.READ_REPORT: (leads_the_programme,),
    Permission.PUBLISH_REPORT: (leads_the_programme,),
    Permission.KEEP_PRICES: (leads_or_administers,),
    Permission.KEEP_JOBS: (administers,),
    Permission.READ_AUDIT: (administers,),
}


def can(person: Any, permission: Permission, thing: Any = None) -> bool:
    """Whether any rule grants `person` the permission over `thing`."""
    return any(rule(person, thing) for rule in POLICY[permission])
