"""The one place that names every role's main pages, in the order they are needed."""

from flask import request

from lms.foundation.i18n import lazy_gettext as _l
from lms.permissions import Role
from lms.web.templating import url_or_none

MEMBER = (
    ("home.start", _l("Home"), "house"),
    ("learning.course", _l("My course"), "book"),
    ("sales.report", _l("My sales"), "chart"),
    ("home.progress", _l("My progress"), "flag"),
)

TRAINER = (
    ("home.start", _l("Today"), "house"),
    ("assignments.queue", _l("To review"), "tray"),
    ("home.firms", _l("My firms"), "people"),
    ("mentoring.sessions", _l("Mentoring"), "chat"),
    ("messages.messages", _l("Messages"), "mail"),
    ("calendar.calendar", _l("Calendar"), "calendar"),
    ("curriculum.courses", _l("Course"), "book"),
)

GRADUATE = ("home.progress", _l("My firm"), "flag")

PAGES = {
    Role.MEMBER: MEMBER,
    Role.MENTOR: (TRAINER[0], *TRAINER[2:6]),
    Role.TRAINER: TRAINER,
    Role.LEAD: (
        ("home.start", _l("Summary"), "house"),
        ("cohorts.programmes", _l("Programmes"), "flag"),
        ("assignments.queue", _l("To review"), "tray"),
        ("home.firms", _l("Firms"), "people"),
        ("messages.messages", _l("Messages"), "mail"),
        ("calendar.calendar", _l("Calendar"), "calendar"),
        ("curriculum.courses", _l("Course"), "book"),
    ),
    Role.ADMIN: (
        ("accounts.people", _l("People"), "people"),
        ("cohorts.programmes", _l("Programmes"), "flag"),
        ("curriculum.courses", _l("Course"), "book"),
        ("ops.audit_trail", _l("Audit trail"), "list"),
        ("ops.dead_jobs", _l("Work that failed"), "alert"),
    ),
}


def entries(role: Role, *, has_firm: bool = True, unread: int = 0) -> list[dict]:
    """The links of a role's menu: label, address, icon, whether it is the page one is on, what waits there.

    A member who belongs to no firm has their first page only.
    """
    pages = PAGES[role] if role is not Role.MEMBER or has_firm else MEMBER[:1]
    if role is Role.MENTOR and has_firm:  # a graduate who mentors others
        pages = (*pages, GRADUATE)
    found = ((endpoint, label, icon, url_or_none(endpoint)) for endpoint, label, icon in pages)
    return [
        {
            "label": label,
            "url": url,
            "icon": icon,
            "current": request.endpoint == endpoint,
            "count": unread if endpoint == "messages.messages" else 0,
        }
        for endpoint, label, icon, url in found
        if url
    ]
