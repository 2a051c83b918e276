"""The form that all forms inherit from, and the fields that rooms share."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from typing import Any

from flask import g, render_template
from flask_wtf import FlaskForm
from flask_wtf.csrf import _FlaskFormCSRF
from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, StringField, ValidationError
from wtforms.i18n import DummyTranslations, get_translations
from wtforms.validators import Length

from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.foundation.i18n import lazy_gettext as _l
from lms.foundation.money import format_money, parse_money
from lms.web import form_keys, replays, wording

__all__ = ["ConfirmForm", "Form", "MoneyField", "ReasonForm", "show_form"]


@cache
def _words(language: str) -> Any:
    return get_translations((language,)) if language != "en" else DummyTranslations()


class _Csrf(_FlaskFormCSRF):
    """Flask-WTF's token; the forms of a page share it, and only the first one asks how it is made."""

    def generate_csrf_token(self, csrf_token_field: Any) -> str:
        return g.get(self.meta.csrf_field_name) or super().generate_csrf_token(csrf_token_field)


def _has_nul(value: Any) -> bool:
    return isinstance(value, str) and "\0" in value


class Form(FlaskForm):
    """A form with a CSRF token and a one-time key. `once = False` for what may be sent again (drafts,
    filters)."""

    class Meta(FlaskForm.Meta):
        csrf_class = _Csrf

        def get_translations(self, _form: Any) -> Any:
            """WTForms' own words in the person's language; read once, where Flask-WTF reads them on every
            request."""
            return _words(wording.language())

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Without the sign NUL, which no keyboard writes and PostgreSQL does not keep."""
            sent = super().wrap_formdata(form, formdata)
            if not sent or not any(_has_nul(value) for _name, value in sent.items(multi=True)):
                return sent
            clean = (
                (name, value.replace("\0", "") if _has_nul(value) else value)
                for name, value in sent.items(multi=True)
            )
            return MultiDict(clean)

    once = True

    form_key = HiddenField(default=form_keys.new_key, validators=[Length(max=64)])

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Whether the form was sent and is right; its key is used up by that.

        Raises form_keys.Repeated when this very form was carried out before: check this before anything
        else, so
        that a repeated form gets the first one's answer and not a complaint about what the first one changed.
        """
        if not super().validate_on_submit(extra_validators):
            return False
        if self.once:
            if not self.form_key.data:
                self.form_errors.append(_("Open this page again and send it once more."))
                return False
            form_keys.use(self.form_key.data)
        return True

    @contextmanager
    def catch_refusal(self) -> Iterator[None]:
        """Show a rule's refusal on top of the form, with everything that was typed still there."""
        try:
            yield
        except Refused as refusal:
            self.form_errors.append(str(refusal))

    def hidden_inputs(self) -> Markup:
        """The token, the one-time key and what else is not shown.

        WTForms takes ten times as long for them, and gives them ids that repeat on a page.
        """
        values = [(self.csrf_token.name, self.csrf_token.current_token)] if "csrf_token" in self else []
        values += [(self.form_key.name, self.form_key.data or "")]
        known = {name for name, _value in values}
        values += [(one.name, one._value()) for one in self if _is_hidden(one) and one.name not in known]
        return Markup("").join(
            Markup(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">')
            for name, value in values
        )

    @property
    def has_files(self) -> bool:
        return any("File" in one.type for one in self)

    @property
    def has_errors(self) -> bool:
        return bool(self.errors or self.form_errors)


def _is_hidden(field: Field) -> bool:
    return getattr(field.widget, "input_type", "") == "hidden"


class ConfirmForm(Form):
    """Nothing to fill in: the button is the answer."""


class MoneyField(StringField):
    """Pesos typed by a person. `data` is a Decimal or None; the text as typed is shown again after an
    error."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if self.typed:
            try:
                self.data = parse_money(self.typed)
            except ValueError:
                raise ValidationError(_("Write only numbers, for example 4,500.")) from None

    def _value(self) -> str:
        if self.raw_data:
            return self.raw_data[0]
        return format_money(self.data).removeprefix("$") if isinstance(self.data, Decimal) else ""


class ReasonForm(Form):
    """An act that must say why."""

    reason = StringField(
        _l("Reason"), validators=[Length(min=3, max=500, message=_l("Write the reason in a few words."))]
    )


def show_form(template: str, form: Form, **context: Any) -> tuple[str, int] | str:
    """The page with its form; with errors it answers 422, so that nothing half-written is kept."""
    page = render_template(template, form=form, has_errors=form.has_errors, **context)
    if not form.has_errors:
        return page
    replays.complain(_sentences(form))
    return page, 422


def _sentences(form: Form) -> list[str]:
    """What is wrong with a form, in the order of its summary."""
    of_fields = (f"{field.label.text}: {error}" for field in form for error in _flat(field.errors))
    return [*map(str, form.form_errors), *of_fields]


def _flat(errors: Any) -> Iterator[str]:
    """The errors of a field; those of a field made of fields come in lists and dictionaries."""
    if isinstance(errors, dict):
        errors = errors.values()
    for error in errors:
        yield from [str(error)] if not isinstance(error, list | tuple | dict) else _flat(error)
