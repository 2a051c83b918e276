"""Commands for whoever keeps the house: the demonstration, and ways in for people."""

import json

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from lms.accounts import services as accounts
from lms.accounts.models import User
from lms.cohorts.models import Programme
from lms.foundation.clock import now
from lms.foundation.db import db, transaction
from lms.foundation.errors import Refused
from lms.graduation.signing import Keys
from lms.ops import people as invented
from lms.permissions import Role

demo = AppGroup("demo", help="The invented programme.")
people = AppGroup("people", help="Who may enter.")


@demo.command("load")
def load() -> None:
    """Write the invented programme into an empty database."""
    # Imported here: drawing pictures and inventing people is nothing that a server needs.
    from lms.ops import demo as demonstration

    try:
        demonstration.load(Keys(current_app.config["DATA_DIR"]))
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    (current_app.config["DATA_DIR"] / "demo").touch()


@demo.command("people")
@click.option("--json", "as_json", is_flag=True, help="One JSON list of objects.")
def list_people(as_json: bool) -> None:
    """List invented people of every role."""
    if as_json:
        click.echo(json.dumps(invented.as_objects(), ensure_ascii=False, indent=1))
    else:
        for person in invented.invented_people():
            click.echo(
                invented.LINE.format(role=person.role, name=person.name, email=person.email, firm=person.firm)
            )


@people.command("link")
@click.argument("email")
@click.option("--address", default=None, help="The address of the site, if SITE_URL is not set.")
def make_link(email: str, address: str | None) -> None:
    """Print a one-time sign-in address for EMAIL, as the last word."""
    with transaction():
        user = db.session.scalar(select(User).where(User.email == email.strip().lower()))
        if user is None or user.suspended_at is not None:
            raise click.ClickException(f"nobody who may enter has the address {email}")
        token = accounts.make_link(user, by=None)
    click.echo(f"One-time link for {user.name}: {_site(address)}/sign-in/link/{token}")


@people.command("invite")
@click.argument("email")
@click.argument("name")
@click.option(
    "--role", type=click.Choice([role.value for role in Role if role is not Role.MEMBER]), required=True
)
@click.option(
    "--programme", "programme_name", help="With --role lead: the programme to lead, made if there is none."
)
@click.option("--address", default=None, help="The address of the site, if SITE_URL is not set.")
def invite(email: str, name: str, role: str, programme_name: str | None, address: str | None) -> None:
    """Let the first people of an empty house in: prints a one-time sign-in address, as the last word."""
    try:
        with transaction():
            user = accounts.add_staff(email=email, name=name, role=Role(role), by=None)
            if programme_name and Role(role) is Role.LEAD:
                _lead(user, programme_name)
            token = accounts.make_link(user, by=None)
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{name} may enter once with {_site(address)}/sign-in/link/{token}")


def _lead(user: User, name: str) -> None:
    programme = db.session.scalar(select(Programme).where(Programme.name == name))
    if programme is None:
        programme = Programme(name=name, convener=name, created_at=now())
        db.session.add(programme)
    programme.leads.append(user)


def _site(address: str | None) -> str:
    """The address people use: as said, as set, or where the server of this folder runs or ran last."""
    left = current_app.config["DATA_DIR"] / invented.ADDRESS
    known = left.read_text().strip() if left.exists() else "http://127.0.0.1:8000"
    return (address or current_app.config["SITE_URL"] or known).rstrip("/")


GROUPS = (demo, people)
