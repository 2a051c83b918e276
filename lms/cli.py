"""The `flask` commands: curriculum, results, sales, jobs, demo, people, assets."""

import time
from importlib import import_module
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from lms.foundation import migrations
from lms.foundation.jobs import dead_jobs, run_due
from lms.web import assets

# The commands of rooms: only who runs one loads what it needs, so that a server starts without Markdown,
# pictures and parsers.
OF_ROOMS = {
    "curriculum": ("lms.curriculum.commands", "The course texts."),
    "results": ("lms.reports.commands", "Sales before and after."),
    "sales": ("lms.sales.commands", "Sales documents."),
    "demo": ("lms.ops.commands", "The invented programme."),
    "people": ("lms.ops.commands", "People and how they enter."),
}

jobs = AppGroup("jobs", help="The outbox of jobs.")
house = AppGroup("assets", help="Styles and scripts.")


class RoomGroup(click.Group):
    """The group of this name in a room's module of commands, loaded when somebody asks for it."""

    def __init__(self, name: str, module: str, help: str):
        super().__init__(name, help=help)
        self._module = module

    def list_commands(self, ctx: click.Context) -> list[str]:
        return self._group().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self._group().get_command(ctx, cmd_name)

    def _group(self) -> click.Group:
        return getattr(import_module(self._module), str(self.name))


def register(app: Flask) -> None:
    """Give the app its commands."""
    for name, (module, help_text) in OF_ROOMS.items():
        app.cli.add_command(RoomGroup(name, module, help_text))
    for group in (jobs, house, migrate):
        app.cli.add_command(group)


@click.command("db", context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@with_appcontext
def migrate(arguments: tuple[str, ...]) -> None:
    """Migrations: upgrade, downgrade, migrate, check (see `flask db --help`)."""
    from flask_migrate.cli import db as commands

    migrations.attach(current_app)
    commands.main(args=list(arguments), prog_name="flask db")


@jobs.command("run")
@click.option("--once", is_flag=True, help="Do what is due now and end.")
def run_jobs(once: bool) -> None:
    """Do jobs as they fall due."""
    while True:
        tried = run_due()
        if once:
            click.echo(f"{tried} jobs tried")
            return
        time.sleep(2)


@jobs.command("dead")
def list_dead() -> None:
    """Name the jobs that failed for good."""
    for job in dead_jobs():
        click.echo(f"{job.id}\t{job.name}\t{job.attempts}\t{job.error}")


@house.command("build")
def build_assets() -> None:
    """Put styles and scripts together into the build folder."""
    assets.build(Path(current_app.root_path) / "static", current_app.config["BUILD_DIR"] / "assets")
