"""A second app on the same database with a few pages of its own, to look at the floor under all pages."""

import pytest
from flask import abort, redirect, render_template_string
from sqlalchemy.exc import OperationalError
from wtforms import StringField
from wtforms.validators import InputRequired

from lms.accounts.models import User
from lms.app import create_app
from lms.foundation.db import db
from lms.foundation.errors import Gone, Refused
from lms.permissions import Permission
from lms.web.forms import Form, MoneyField
from lms.web.guard import public, requires
from tests import build
from tests.settings import settings

PAGE = (
    '<!doctype html><html lang="es"><h1>Una persona</h1><form method="post">{{ form.csrf_token }}'
    "{{ form.form_key }}{{ form.name }}{{ form.pesos }}"
    "<ul class='errs'>{% for e in form.form_errors %}<li>{{ e }}</li>{% endfor %}</ul>"
    "<button>Guardar</button></form></html>"
)


class NameForm(Form):
    name = StringField("Name", [InputRequired()])
    pesos = MoneyField("Pesos")


@public
def new_person():
    form = NameForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            if form.name.data == "Nadie":
                raise Refused("Nadie no.")
            made = build.user(form.name.data)
            return redirect(f"/person/{made.id}")
    return render_template_string(PAGE, form=form), 422 if form.has_errors else 200


def failing(error: Exception):
    @public
    def fail():
        raise error

    return fail


@public
def answer(code: int):
    abort(code)


@public
def write_by_reading():
    build.user("Made by GET")
    return "done"


@requires(Permission.MANAGE_PEOPLE, of=User)
def person_page(user: User):
    return user.name


FAILURES = {
    "refused": Refused("La regla dice que no."),
    "gone": Gone(),
    "broken": ValueError("secret detail"),
    "disk": OSError(28, "No space left on device"),
    "away": OperationalError("SELECT secret", {}, Exception("database is locked")),
}


@pytest.fixture(scope="session")
def workshop(house, tmp_path_factory):
    made = create_app(settings(tmp_path_factory.mktemp("workshop"), house.config["SQLALCHEMY_DATABASE_URI"]))
    made.config["PROPAGATE_EXCEPTIONS"] = False
    made.add_url_rule("/new", "new_person", new_person, methods=["GET", "POST"])
    made.add_url_rule("/person/<int:user_id>", "person_page", person_page)
    made.add_url_rule("/answer/<int:code>", "answer", answer, methods=["GET", "POST"])
    made.add_url_rule("/write-by-reading", "write_by_reading", write_by_reading)
    for name, error in FAILURES.items():
        made.add_url_rule(f"/{name}", name, failing(error), methods=["GET", "POST"])
    yield made
    with made.app_context():
        db.engine.dispose()
