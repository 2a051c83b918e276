"""Forms of the pages that belong to nobody else."""

from wtforms import RadioField

from lms.web.forms import Form

LANGUAGES = (("es_MX", "Español"), ("en", "English"))


class LanguageForm(Form):
    locale = RadioField(choices=LANGUAGES)
