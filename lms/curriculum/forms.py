"""The form of a calculator, the same inside a lesson and on a page of its own."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from wtforms import HiddenField, StringField, ValidationError
from wtforms.validators import Length

from lms.curriculum.calculators import CALCULATORS, Input
from lms.curriculum.tool_words import HINTS, LABELS, MEASURES, in_example
from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import lazy_gettext as _l
from lms.web.forms import Form

PREFIX = "tool_"
LONGEST_SLUG = 120
_SLUG = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)*")
_NUMBER = re.compile(r"(\d{1,3}(,\d{3})+|\d+)(\.\d{1,4})?|\.\d{1,4}")


def lesson_slug(text: str | None) -> str:
    """The lesson that somebody came from; nothing where it cannot be the name of one."""
    return text if text and len(text) <= LONGEST_SLUG and _SLUG.fullmatch(text) else ""


class NumberField(StringField):
    """A number as people type it: 1250, 1,250.50, $1,250, 15 %. Its `data` is a Decimal, or None."""

    def __init__(self, label: Any = None, *, wanted: Input, **options: Any):
        super().__init__(label, **options)
        self.wanted = wanted
        self.flags.optional = wanted.optional

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = re.sub(r"[\s\u00a0$%]", "", valuelist[0]) if valuelist else ""
        self.data = None
        if not typed:
            return
        if not _NUMBER.fullmatch(typed):
            raise ValidationError(_("Write only a number, for example 1,250.50."))
        try:
            self.data = Decimal(typed.replace(",", ""))
        except InvalidOperation as odd:
            raise ValidationError(_("Write only a number, for example 1,250.50.")) from odd

    def pre_validate(self, form: Any) -> None:
        if self.errors:
            return
        if self.data is None:
            if not self.wanted.optional:
                raise ValidationError(_("Write a number here. If there is none, write 0."))
        elif not self.wanted.allows(self.data):
            raise ValidationError(
                _("It has to be more than 0.")
                if self.wanted.positive and not self.data
                else _("This number is too large. The most is %(most)s.", most=f"{self.wanted.most:,f}")
            )

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data.normalize():,f}" if self.data is not None else ""


class ToolForm(Form):
    """A calculation to keep under a name. `values` are its numbers by input, without the empty ones."""

    lesson = HiddenField(filters=[lesson_slug])

    def values(self) -> dict[str, Decimal]:
        return {
            name: field.data
            for name, field in self._fields.items()
            if isinstance(field, NumberField) and field.data is not None
        }


@cache
def _form_class(tool: str) -> type[ToolForm]:
    fields: dict[str, Any] = {
        "title": StringField(
            _l("What is it for?"),
            description=_l("A product or a season; with this name it is kept for your firm"),
            validators=[Length(min=1, max=80, message=_l("Write a name of up to 80 letters."))],
            filters=[lambda text: " ".join(text.split()) if text else ""],
        )
    }
    for row in CALCULATORS[tool].inputs:
        fields[row.name] = NumberField(LABELS[row.name], wanted=row)
    return type("ToolForm", (ToolForm,), fields)


def tool_form(
    tool: str,
    *,
    lesson: str = "",
    example: Mapping[str, float] | None = None,
    kept: Mapping[str, Any] | None = None,
) -> ToolForm:
    """The form of one calculator.

    `example` are the numbers of the lesson: they are told beside the fields, and filled in where a number is
    not the firm's own. `kept` is what the firm wrote before.
    """
    example = example or {}
    inputs = CALCULATORS[tool].inputs
    given = [row.name for row in inputs if row.given and row.name in example]
    start = {name: Decimal(str(example[name])) for name in given} | dict(kept or {})
    form = _form_class(tool)(prefix=PREFIX, data=start | {"lesson": lesson_slug(lesson)})
    for row in inputs:
        told = [str(HINTS[row.name])]
        if row.unit in MEASURES:
            told.append(_("In %(unit)s.", unit=MEASURES[row.unit]))
        if row.name in example:
            told.append(in_example(tool, row.name, example[row.name]))
        form[row.name].description = " ".join(told)
    return form
