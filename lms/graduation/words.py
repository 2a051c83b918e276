"""The graduation rules as people read them, and the sentences of the certificate on paper."""

from collections.abc import Callable, Mapping
from datetime import date

from babel.lists import format_list
from flask_babel import format_date, get_locale

from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import ngettext
from lms.graduation import criteria
from lms.graduation.certificate import Wording
from lms.graduation.criteria import Criterion
from lms.graduation.models import Certificate, Verdict

_TITLES: dict[str, Callable[[], str]] = {
    criteria.ACCEPTED: lambda: _("Accepted tasks"),
    criteria.ATTENDANCE: lambda: _("Sessions attended"),
    criteria.OWN_FIGURES: lambda: _("Months of sales reported by the firm"),
    criteria.FINAL_QUIZ: lambda: _("Final quiz passed"),
}

_MISSING: dict[str, Callable[[int], str]] = {
    criteria.ACCEPTED: lambda n: ngettext("%(num)s more task", "%(num)s more tasks", n),
    criteria.ATTENDANCE: lambda n: ngettext("%(num)s more session", "%(num)s more sessions", n),
    criteria.OWN_FIGURES: lambda n: ngettext(
        "%(num)s more month of sales", "%(num)s more months of sales", n
    ),
    criteria.FINAL_QUIZ: lambda n: _("Pass the final quiz"),
}


def title(criterion: Criterion, milestones: Mapping[str, str]) -> str:
    """What the rule is about; `milestones` are the titles of the course by their code."""
    if criterion.key in _TITLES:
        return _TITLES[criterion.key]()
    return milestones.get(criterion.key, criterion.key)


def progress(criterion: Criterion) -> str:
    """How far the firm is, in two or three words."""
    if criterion.need == 0:
        return _("Exempt")
    if criterion.need == 1 and criterion.have <= 1:
        return _("Done") if criterion.met else _("Missing")
    return _("%(have)s of %(need)s", have=criterion.have, need=criterion.need)


def missing(criterion: Criterion, milestones: Mapping[str, str]) -> str:
    """What has to be done still, for a list that begins “Missing:”; nothing when it is met."""
    if criterion.met:
        return ""
    if criterion.key in _MISSING:
        return _MISSING[criterion.key](criterion.need - criterion.have)
    return title(criterion, milestones)


def full_date(day: date) -> str:
    """22 de enero de 2027: a certificate says its year also in the year in which it is given."""
    return format_date(day, "long")


def on_paper(certificate: Certificate, site_name: str) -> Wording:
    """The sentences of the certificate in the language of the moment."""
    locale = get_locale() or "es_MX"
    day = full_date(certificate.issued_on)
    people = format_list(certificate.people, locale=locale) if certificate.people else ""
    return Wording(
        language=str(locale)[:2],
        site_name=site_name,
        title=_("Certificate"),
        given_to=_("This certificate is given to"),
        people=people,
        for_finishing=_("for finishing the course"),
        within=_(", within the programme %(programme)s.", programme=certificate.programme_name),
        details=_("%(hours)s hours · %(date)s", hours=certificate.hours, date=day),
        check_here=_("Check that it is authentic:"),
        folio=_("Folio"),
        signature=_("Signature"),
    )


def verdict(decided: Verdict) -> str:
    """What was decided, in a word or two."""
    return {
        Verdict.GRADUATED: _("Graduated"),
        Verdict.PARTICIPATED: _("Took part"),
        Verdict.NOT_GRADUATED: _("Not graduated"),
    }[decided]
