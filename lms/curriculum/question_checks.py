"""Everything that is wrong with one question."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from lms.curriculum.heads import Problem
from lms.curriculum.questions import CHOICES, KINDS, ONE_CHOICE, plain
from lms.curriculum.shapes import FigureSource, QuestionSource
from lms.foundation.i18n import gettext as _

MOST_ITEMS = 8


def question_problems(question: QuestionSource, figures: Iterable[FigureSource] = ()) -> Iterator[Problem]:
    """What is wrong with one question; `figures` are the pictures that were found."""
    places = question.places
    if question.kind not in KINDS:
        known = ", ".join(KINDS)
        yield places.problem(
            _('There is no kind "%(kind)s". Use one of: %(known)s.', kind=question.kind, known=known), "kind"
        )
    elif question.kind in CHOICES:
        yield from _choices(question)
    else:
        yield from _CHECKS[question.kind](question)
    yield from _pictures(question, {figure.name for figure in figures})


def _choices(question: QuestionSource) -> Iterator[Problem]:
    places, right = question.places, sum(option.right for option in question.options)
    if len(question.options) < 2:
        yield places.problem(_("A question needs at least 2 options."))
    if question.kind in ONE_CHOICE and right != 1:
        yield places.problem(
            _("Exactly one option must have right = true; here %(right)s have it.", right=right)
        )
    if question.kind == "multiple" and right < 2:
        yield places.problem(
            _('With kind = "multiple" at least 2 options have right = true; here %(right)s.', right=right)
        )
    texts = [option.text or option.picture for option in question.options if option.text or option.picture]
    if len(set(texts)) < len(texts):
        yield places.problem(_("Two options say the same: change one."))


def _number(question: QuestionSource) -> Iterator[Problem]:
    if question.tolerance < 0:
        yield question.places.problem(_("The tolerance is 0 or more."), "tolerance")
    seen = [question.value]
    for place, mistake in enumerate(question.mistakes):
        answer = mistake.answer
        if any(_near(answer, other) <= Decimal(str(question.tolerance)) for other in seen):
            message = _("%(number)s is answered already: give this mistake another value.", number=answer)
            yield question.places.problem(message, "mistakes", place)
        seen.append(answer)  # type: ignore[arg-type]  # the mistakes of a number are numbers


def _near(one: object, other: object) -> Decimal:
    return abs(Decimal(str(one)) - Decimal(str(other)))


def _order(question: QuestionSource) -> Iterator[Problem]:
    yield from _count(question, "items")
    yield from _twice(question, "items", [option.text for option in question.options])


def _match(question: QuestionSource) -> Iterator[Problem]:
    yield from _count(question, "pairs")
    yield from _twice(question, "pairs", [option.text for option in question.options])
    yield from _twice(question, "pairs", [option.partner for option in question.options])


def _text(question: QuestionSource) -> Iterator[Problem]:
    if not question.options:
        yield question.places.problem(_("Write at least one accepted answer."), "accepted")
    accepted = [option.text for option in question.options]
    yield from _twice(question, "accepted", accepted)
    yield from _twice(
        question, "mistakes", [*dict.fromkeys(accepted), *(str(row.answer) for row in question.mistakes)]
    )
    for text in accepted:
        if text and not plain(text):
            yield question.places.problem(_("An answer needs letters or numbers."), "accepted")


def _count(question: QuestionSource, key: str) -> Iterator[Problem]:
    if not 2 <= len(question.options) <= MOST_ITEMS:
        yield question.places.problem(_('Write 2 to %(most)s in "%(key)s".', most=MOST_ITEMS, key=key), key)


def _twice(question: QuestionSource, key: str, texts: list[str]) -> Iterator[Problem]:
    for text in _repeated(texts):
        yield question.places.problem(_('"%(text)s" stands twice: change one.', text=text), key)


def _repeated(texts: list[str]) -> list[str]:
    """The texts that nobody could tell apart."""
    counted = Counter(plain(text) or text for text in texts if text)
    return [text for text, count in counted.items() if count > 1]


def _pictures(question: QuestionSource, known: set[str]) -> Iterator[Problem]:
    for place, option in enumerate(question.options):
        if option.picture and option.picture not in known:
            message = _(
                "There is no picture %(name)s: put it into figures/ beside the course or the core.",
                name=option.picture,
            )
            yield question.places.problem(message, "options", place, "picture")


_CHECKS: dict[str, Callable[[QuestionSource], Iterator[Problem]]] = {
    "number": _number,
    "order": _order,
    "match": _match,
    "text": _text,
}
