"""Forms of the lesson and quiz pages.

A question of any kind is asked by `question_form(question, seed)` and drawn by learning/_question.html. Its
`given` is the answer as it is kept, once the form is found right; with a prefix it may stand several times on
one page.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from wtforms import (
    FieldList,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length

from lms.curriculum.questions import AnyQuestion, Given, is_possible, mixed, ranks
from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import lazy_gettext as _l
from lms.web.forms import ConfirmForm, Form

LONGEST_ANSWER = 200

# A lesson carries three forms: the prefixes keep the names of their fields apart.


class DoneForm(ConfirmForm):
    """It carries the name of what comes next, which the page that shows it has found out already."""

    upcoming = HiddenField()

    def __init__(self, upcoming: str = "") -> None:
        super().__init__(prefix="done_", data={"upcoming": upcoming})


class ListForm(Form):
    """What to have at hand before going on. Sending it again changes nothing."""

    once = False

    ticked = SelectMultipleField(coerce=int)

    def __init__(self, lines: Sequence[str], ticked: Sequence[int]) -> None:
        super().__init__(prefix="list_", data={"ticked": list(ticked)})
        self.ticked.choices = [SelectChoice(place, text) for place, text in enumerate(lines)]


class AnswerForm(Form):
    """It says which question it answers, so that a page left open never answers another.

    The page knows options by their rank in the alphabet, shown in an order that the seed alone decides:
    nothing it holds depends on which of them is right.
    """

    once = False  # an answer is kept once in any case: the second one to a question changes nothing

    question = HiddenField()
    given: Given = None

    def __init__(self, asked: AnyQuestion, seed: str, prefix: str) -> None:
        super().__init__(prefix=prefix, data={"question": getattr(asked, "id", "")})
        self.asked = asked
        options = asked.options
        self._places = ranks([_name(option) for option in options])
        self.shown = mixed(len(options), f"{seed}-{getattr(asked, 'id', '')}")
        self._prepare()

    def options(self) -> list[tuple[int, Any]]:
        """The options in the order in which the page shows them, each with its rank."""
        return [(rank, self.asked.options[self._places[rank]]) for rank in self.shown]

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        self.given = self._read()
        if self.given is None or not is_possible(self.asked, self.given):
            self._complain()
            return False
        return True

    def show(self, given: Given) -> None:
        """Begin with an answer that was kept; only choices are kept before they are sent."""

    def _prepare(self) -> None:
        """Give the fields what they need to know of the options."""

    def _read(self) -> Given:
        raise NotImplementedError

    def _complain(self) -> None:
        raise NotImplementedError

    def _place(self, rank: Any) -> int:
        """The place of the option of this rank, which a browser may have made up."""
        known = str(rank).isdecimal() and int(rank) < len(self._places)
        return self._places[int(rank)] if known else -1


class _Choice(AnswerForm):
    answer: Any = RadioField(
        _l("Your answer"), validate_choice=False, validators=[InputRequired(_l("Choose one of the answers."))]
    )

    def _prepare(self) -> None:
        self.answer.choices = [SelectChoice(str(rank), _name(option)) for rank, option in self.options()]

    def show(self, given: Given) -> None:
        if self.answer.raw_data is None or not self.is_submitted():
            self.answer.data = str(self._places.index(given))

    def _read(self) -> Given:
        return self._place(self.answer.data)

    def _complain(self) -> None:
        self.answer.errors = [_("Choose one of the answers.")]


class _Choices(_Choice):
    answer = SelectMultipleField(_l("Your answer"), validate_choice=False)

    def _read(self) -> Given:
        return sorted({self._place(rank) for rank in self.answer.data or ()})

    def _complain(self) -> None:
        self.answer.errors = [_("Choose at least one of the answers.")]


class _Number(AnswerForm):
    answer = StringField(_l("Your number"), validators=[Length(max=LONGEST_ANSWER)])

    def _read(self) -> Given:
        return (self.answer.data or "").strip()

    def _complain(self) -> None:
        unit = self.asked.terms["unit"]
        self.answer.errors = [_("Write only the number in %(unit)s, for example 1,250.50.", unit=unit)]


class _Text(_Number):
    answer = StringField(_l("Your answer"), validators=[Length(max=LONGEST_ANSWER)])

    def _complain(self) -> None:
        self.answer.errors = [_("Write your answer in one or a few words.")]


class _Places(AnswerForm):
    """Order and match: for each text, by rank, the place or the partner that was chosen for it."""

    answer: Any = FieldList(SelectField(validate_choice=False))
    unchosen = _l("Choose a place for this one.")
    chosen_twice = _l("Another one has this place already.")

    def _prepare(self) -> None:
        while len(self.answer.entries) > len(self.asked.options):
            self.answer.pop_entry()
        while len(self.answer.entries) < len(self.asked.options):
            self.answer.append_entry()
        for rank, entry in enumerate(self.answer.entries):
            entry.label.text = self.asked.options[self._places[rank]]["text"]
            entry.choices = [("", "—"), *self._targets()]

    def rows(self) -> list[Any]:
        """The selects in the order in which the page shows them."""
        return [self.answer.entries[rank] for rank in self.shown]

    def _targets(self) -> list[tuple[str, str]]:
        return [(str(place), str(place + 1)) for place in range(len(self.asked.options))]

    def _read(self) -> Given:
        """The items as they were put: what stands first, second and so on."""
        put = {self._target(entry.data): self._places[rank] for rank, entry in enumerate(self.answer.entries)}
        return [put.get(place, -1) for place in range(len(self.asked.options))]

    def _target(self, chosen: Any) -> int:
        return int(chosen) if str(chosen).isdecimal() else -1

    def _complain(self) -> None:
        counted = Counter(entry.data for entry in self.answer.entries)
        known = {value for value, _label in self._targets()}
        for entry in self.answer.entries:
            if entry.data not in known:
                entry.errors = [str(self.unchosen)]
            elif counted[entry.data] > 1:
                entry.errors = [str(self.chosen_twice)]
        self.answer.errors = [entry.errors for entry in self.answer.entries]


class _Pairs(_Places):
    unchosen = _l("Choose what goes with this one.")
    chosen_twice = _l("This goes with another one already.")

    def _prepare(self) -> None:
        self._partners = ranks([option["partner"] for option in self.asked.options])
        super()._prepare()

    def rows(self) -> list[Any]:
        """In the order of the author, who pairs nothing by it: the partners are what is mixed."""
        return [self.answer.entries[self._places.index(place)] for place in range(len(self._places))]

    def _targets(self) -> list[tuple[str, str]]:
        partners = [self.asked.options[place]["partner"] for place in self._partners]
        return [(str(rank), partners[rank]) for rank in self.shown]

    def _read(self) -> Given:
        chosen = {self._places[rank]: entry.data for rank, entry in enumerate(self.answer.entries)}
        count = len(self._partners)
        targets = [self._target(chosen[place]) for place in range(count)]
        return [self._partners[target] if 0 <= target < count else -1 for target in targets]


_FORMS: dict[str, type[AnswerForm]] = {
    "single": _Choice,
    "photo": _Choice,
    "multiple": _Choices,
    "number": _Number,
    "text": _Text,
    "order": _Places,
    "match": _Pairs,
}


def question_form(question: AnyQuestion, seed: str, prefix: str = "") -> AnswerForm:
    """The form that asks this question; `seed` belongs to the person's attempt and mixes the options."""
    return _FORMS[question.kind](question, seed, prefix)


class TestForm(Form):
    """A whole form of the test on one page: a part for each question, kept or sent together."""

    __test__ = False  # to pytest, a class of this name would be tests

    def __init__(self, questions: Sequence[AnyQuestion], seed: str, given: Mapping[str, Given]) -> None:
        super().__init__()
        self.parts = {}
        for number, question in enumerate(questions, 1):
            key = str(question.id)  # type: ignore[attr-defined]  # these are rows
            part = question_form(question, seed, prefix=f"q{key}_")
            part.answer.label.text = _("Question %(number)s", number=number)
            if key in given:
                part.show(given[key])
            self.parts[key] = part

    def __iter__(self) -> Iterator[Any]:
        """All fields of the page, so that the macros draw the hidden ones and name every mistake."""
        return chain(super().__iter__(), *self.parts.values())

    @property
    def errors(self) -> dict[Any, Any]:
        return super().errors | {key: part.errors for key, part in self.parts.items() if part.errors}

    @property
    def given(self) -> dict[str, Given]:
        return {key: part.given for key, part in self.parts.items() if part.given is not None}

    def validate(self, extra_validators: Any = None) -> bool:
        return all([part.validate() for part in self.parts.values()]) and super().validate(extra_validators)

    def chosen(self) -> dict[str, Given]:
        """What is chosen so far, without complaint about what is not."""
        self.validate()
        return self.given


class WholeQuizForm(TestForm):
    """A try of a quiz on one page, which a phone can keep; it says which try it is."""

    number = HiddenField()

    def __init__(self, questions: Sequence[AnyQuestion], seed: str, number: int) -> None:
        super().__init__(questions, seed, {})
        self.number.data = str(number)


def _name(option: Any) -> str:
    """What tells an option from the others of its question."""
    return option["text"] if "text" in option else option["picture"]["src"]
