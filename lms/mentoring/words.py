"""How the signs of a pairing and hours of mentoring read."""

from collections.abc import Callable

from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import ngettext
from lms.mentoring import health
from lms.mentoring.health import Pair

_SENTENCES: dict[str, Callable[[Pair], str]] = {
    health.NO_MENTOR: lambda pair: _("No mentor"),
    health.UNHAPPY_FIRM: lambda pair: _("The firm says it goes badly"),
    health.UNHAPPY_MENTOR: lambda pair: _("The mentor says it goes badly"),
    health.LONG_AGO: lambda pair: ngettext(
        "%(num)s day without a session", "%(num)s days without a session", pair.days
    ),
    health.MISSED: lambda pair: ngettext(
        "Missed %(num)s session", "Missed %(num)s sessions in a row", pair.missed
    ),
    health.OVERDUE: lambda pair: ngettext(
        "%(num)s agreement overdue", "%(num)s agreements overdue", pair.overdue
    ),
    health.NO_GOAL: lambda pair: _("No goal yet"),
}


def sign_in_words(sign: str, pair: Pair) -> str:
    return _SENTENCES[sign](pair)


def hours_in_words(minutes: int) -> str:
    """Hours with minutes, as people say them: 1 h 30 min."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min", minutes=rest)
    return (
        _("%(hours)s h %(minutes)s min", hours=hours, minutes=rest) if rest else _("%(hours)s h", hours=hours)
    )
