"""The words of templates: found once per language, where Flask-Babel and Jinja look at every turn."""

from typing import Any

from babel import Locale
from flask import Flask, g
from flask_babel import get_locale, get_translations
from jinja2.nodes import EvalContext
from jinja2.utils import pass_eval_context
from markupsafe import Markup


class Said(dict[str, tuple[str, bool]]):
    """Each message of one language, "es" or "en": its words, and whether there is anything to fill in."""

    def __init__(self, language: str, catalogue: Any) -> None:
        super().__init__()
        self.language = language
        self.catalogue = catalogue

    def __missing__(self, message: str) -> tuple[str, bool]:
        words = self.catalogue.ugettext(message)
        has_blanks = "%(" in words
        # Without blanks a doubled sign still means one: every message is a format.
        self[message] = words if has_blanks else words % {}, has_blanks
        return self[message]


_said: dict[Locale, Said] = {}


def init_app(app: Flask) -> None:
    """Give the templates `_()` and `ngettext()`; Babel must be there already."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # given by the i18n extension
        lambda message: _here().catalogue.ugettext(message),
        lambda one, many, number: _here().catalogue.ungettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals.update(_=_gettext, gettext=_gettext)


def language() -> str:
    """The language of this request, or of the letter that is being written in it: "es" or "en"."""
    return _here().language


@pass_eval_context
def _gettext(here: EvalContext, message: str, **blanks: Any) -> str:
    """Jinja's own `_()`, which goes through six calls to say the same."""
    words, has_blanks = _here()[message]
    if here.autoescape:
        words = Markup(words)
    return words % blanks if has_blanks else words


def _here() -> Said:
    """The words in the language of this request, or of the letter that is being written in it."""
    # Where Flask-Babel keeps the locale, and what `force_locale` changes; to ask it takes longer.
    kept = vars(g._get_current_object()).get("_flask_babel")  # type: ignore[attr-defined]
    locale = getattr(kept, "babel_locale", None) or get_locale()
    found = getattr(kept, "said", None)
    if found is not None and found[0] is locale:  # equal locales are slow to compare
        return found[1]
    if locale not in _said:
        _said[locale] = Said(locale.language if locale else "es", get_translations())
    if kept is not None:
        kept.said = locale, _said[locale]
    return _said[locale]
