"""How the things in a calendar read, and where each is."""

from flask import url_for

from lms.calendar.services import CLINIC, PROMISE, SESSION, TASK, Item
from lms.foundation.i18n import gettext as _

_SESSIONS = {
    "visit": lambda: _("Visit"),
    "call": lambda: _("Phone call"),
    "whatsapp": lambda: _("WhatsApp"),
    "clinic": lambda: _("Group clinic"),
}


def title(item: Item) -> str:
    """One line of few words; figures and notes never are in it."""
    if item.kind in (SESSION, CLINIC):
        who = item.host if item.is_own else item.what
        return _("%(kind)s: %(who)s", kind=_SESSIONS[item.session_kind](), who=who)
    if item.kind == TASK:
        return _("Last day: %(task)s", task=item.what)
    if item.kind == PROMISE:
        text = _("Promised: %(what)s", what=item.what)
        return f"{text} · {item.note}" if item.note else text
    return _("Week %(number)s ends: %(cohort)s", number=item.note, cohort=item.what)


def path(item: Item) -> str:
    """The page on which one sees more."""
    if item.kind in (SESSION, CLINIC):
        if item.is_own:
            return url_for("mentoring.agreements")
        page = "mentoring.roll" if item.kind == CLINIC else "mentoring.hold_session"
        return url_for(page, session_id=item.thing_id)
    if item.kind == TASK:
        return url_for("assignments.show_brief", brief_id=item.thing_id)
    if item.kind == PROMISE:
        if item.is_own:
            return url_for("mentoring.agreements")
        return url_for("home.firm_page", enrolment_id=item.thing_id)
    return ""
