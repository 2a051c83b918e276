"""The migrations lead from nothing to exactly the models, and back, on both databases, with rows or none."""

import itertools
import shutil
from contextlib import contextmanager

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import Migrate, downgrade, upgrade
from sqlalchemy import inspect, select, text

from config import HERE
from lms.app import create_app
from lms.assignments.models import Assistance, Extension, ExtensionState
from lms.curriculum.models import KnowledgeTest
from lms.foundation.db import db
from lms.learning.models import Answer, Attempt, AttemptReset, Reading, Sitting
from tests import build
from tests.engines import create_database
from tests.settings import settings

FOLDER = str(HERE / "migrations")
_numbers = itertools.count()


def make_app(folder, url):
    app = create_app(settings(folder, url))
    Migrate(app, db, directory=FOLDER, render_as_batch=True)
    return app


@contextmanager
def inside(app):
    with app.app_context():
        yield app
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def empty(database_url, tmp_path):
    """An app on an empty database of its own."""
    if database_url.startswith("sqlite"):
        url = f"sqlite:///{tmp_path / 'migrated.db'}"
    else:
        url = create_database(database_url, f"migrated{next(_numbers)}")
    with inside(make_app(tmp_path, url)) as app:
        yield app


@pytest.fixture(scope="session")
def newest(database_url, tmp_path_factory) -> str:
    """A database that went all the way up, from which others are copied: its file, or its name."""
    folder = tmp_path_factory.mktemp("newest")
    if database_url.startswith("sqlite"):
        name = str(folder / "newest.db")
        url = f"sqlite:///{name}"
    else:
        name = "newest"
        url = create_database(database_url, name)
    with inside(make_app(folder, url)):
        upgrade(FOLDER)
    return name


@pytest.fixture
def migrated(database_url, newest, tmp_path):
    """An app on a database of its own that went all the way up."""
    if database_url.startswith("sqlite"):
        url = f"sqlite:///{shutil.copy(newest, tmp_path / 'migrated.db')}"
    else:
        url = create_database(database_url, f"migrated{next(_numbers)}", like=newest)
    with inside(make_app(tmp_path, url)) as app:
        yield app


def revisions() -> list[str]:
    """From the first to the newest."""
    return [script.revision for script in ScriptDirectory(FOLDER).walk_revisions()][::-1]


def differences() -> list:
    with db.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True, "render_as_batch": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), db.metadata)


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def rows() -> dict[str, list]:
    with db.engine.connect() as connection:
        return {
            table.name: [
                dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()
            ]
            for table in db.metadata.sorted_tables
        }


def write(kept: dict[str, list]) -> None:
    with db.engine.begin() as connection:
        for table in db.metadata.sorted_tables:
            if kept[table.name]:
                connection.execute(table.insert(), kept[table.name])


def test_there_is_one_way_up():
    assert len(ScriptDirectory(FOLDER).get_heads()) == 1


def test_from_nothing_the_migrations_lead_to_the_models(empty):
    upgrade(FOLDER)
    assert differences() == []
    assert tables() == {table.name for table in db.metadata.sorted_tables}


def test_the_rules_of_the_database_are_there_too(migrated):
    """Checks and partial indexes are what autogenerate does not compare."""
    inspector = inspect(db.engine)
    for table in db.metadata.sorted_tables:
        wanted = {
            one.name for one in table.constraints if one.name and type(one).__name__ == "CheckConstraint"
        }
        there = {check["name"] for check in inspector.get_check_constraints(table.name)}
        assert {str(name) for name in wanted} <= there, table.name
        indexes = {index["name"] for index in inspector.get_indexes(table.name)}
        assert {index.name for index in table.indexes} <= indexes, table.name
    kind = "sqlite_where" if db.engine.dialect.name == "sqlite" else "postgresql_where"
    for name in ("attempt", "decision"):
        partial = [
            index
            for index in inspector.get_indexes(name)
            if index.get("dialect_options", {}).get(kind) is not None
        ]
        assert partial, f"{name} lost its partial index"


def test_each_step_goes_up_and_down_and_up_again(empty):
    steps = revisions()
    for revision in steps:
        upgrade(FOLDER, revision=revision)
        downgrade(FOLDER, revision="-1")
        upgrade(FOLDER, revision=revision)
    assert differences() == []
    downgrade(FOLDER, revision="base")
    assert tables() == set()


def test_a_house_with_people_in_it_goes_down_and_up_again(migrated):
    build.cast()
    db.session.commit()
    db.session.remove()
    before = rows()
    assert len(before["user"]) > 10 and before["enrolment"] and before["lesson"]
    upgrade(FOLDER)  # there already: changes nothing
    assert rows() == before
    downgrade(FOLDER, revision="base")
    upgrade(FOLDER)
    assert not any(rows().values())
    write(before)
    assert rows() == before and differences() == []


def test_each_step_down_and_up_keeps_what_people_did(migrated):
    """The tables of the step before hold the same rows after it was taken back and gone again."""
    build.cast()
    db.session.commit()
    db.session.remove()
    before = rows()
    for _step in revisions()[1:]:
        downgrade(FOLDER, revision="-1")
    kept = tables()
    upgrade(FOLDER)
    after = rows()
    assert {"enrolment", "lesson", "quiz", "question", "brief"} <= kept
    for name in kept:
        assert [row["id"] for row in after[name] if "id" in row] == [
            row["id"] for row in before[name] if "id" in row
        ], name
    assert [row["ask"] for row in after["quiz"]] == [row["ask"] for row in before["quiz"]]
    assert all(row["title_en"] == row["title"] for row in after["lesson"])


def test_answers_of_before_there_were_kinds_go_up_and_down_unchanged(migrated):
    """A chosen option survives both ways; what an older house cannot ask becomes a choice there."""
    cast = build.cast()
    quiz, lesson = cast.version.week_rows[1].quiz, cast.version.week_rows[1].lessons[0]
    one, other, _third = quiz.questions
    other.kind, other.options = "number", []
    other.terms = {"value": 4.8, "tolerance": 0, "unit": "kg", "mistakes": []} | {
        "if_right": "Sí.",
        "if_wrong": "No.",
    }
    by = {"enrolment_id": cast.enrolment.id, "firm_id": cast.firm.id, "user_id": cast.owner.id}
    begun = {"number": 1, "drawn": [one.id, other.id], "started_at": build.LONG_AGO, "total": 2}
    attempt = build.add(Attempt(**by, quiz_id=quiz.id, **begun))
    for question, given in ((one, 2), (other, "5 kg")):
        answered = {"given": given, "right": False, "answered_at": build.LONG_AGO}
        build.add(Answer(attempt_id=attempt.id, question_id=question.id, **answered))
    build.add(Reading(**by, lesson_id=lesson.id, check_given=1, opened_at=build.LONG_AGO))
    number = {"id": other.id}
    db.session.commit()
    db.session.remove()
    downgrade(FOLDER, revision="0004")
    with db.engine.connect() as connection:
        chosen = connection.execute(text("SELECT choice FROM answer ORDER BY id")).scalars().all()
        check = connection.execute(text("SELECT check_choice FROM reading")).scalar()
        options = connection.execute(text("SELECT options FROM question WHERE id = :id"), number)
        options = options.scalar()
    assert (chosen, check) == ([2, 1], 1) and "4.8 kg" in str(options)
    upgrade(FOLDER)
    assert [row["given"] for row in rows()["answer"]] == [2, 1]
    assert [row["check_given"] for row in rows()["reading"]] == [1]
    assert {row["kind"] for row in rows()["question"]} == {"single"}


def test_every_reference_holds_in_a_migrated_house(migrated):
    build.cast()
    db.session.commit()
    with pytest.raises(Exception, match="(?i)foreign key"):
        db.session.execute(text("DELETE FROM cohort"))
    db.session.rollback()


def test_models_made_without_migrations_are_the_same_house(empty):
    db.create_all()
    assert differences() == []


def test_work_and_days_that_were_given_survive_an_older_house(migrated):
    """Down to before there were dates of tasks and up again: every version is still there, none is late."""
    cast = build.cast()
    brief = cast.version.week_rows[1].brief
    submission = build.submission(cast.enrolment, brief, cast.owner)
    version = submission.versions[0]
    version.late, version.due_on, version.assistance = True, build.START, Assistance.ASKED
    version.answered_by_id, submission.to_confirm, cast.cohort.late_days = cast.son.id, True, 3
    given = {"state": ExtensionState.GRANTED, "due_on": build.START, "reason": "Temporada"}
    build.add(Extension(enrolment=cast.enrolment, firm_id=cast.firm.id, brief_slug=brief.slug, **given))
    db.session.commit()
    db.session.remove()
    before = rows()
    downgrade(FOLDER, revision="0008")
    assert "extension" not in tables()
    upgrade(FOLDER)
    after = rows()
    assert after["extension"] == [] and differences() == []
    (was,), (now,) = before["submission_version"], after["submission_version"]
    lost = {"late": False, "due_on": None, "assistance": None, "answered_by_id": None}
    assert now == was | lost
    assert [row["to_confirm"] for row in after["submission"]] == [False]
    assert {row["late_days"] for row in after["cohort"]} == {None}


def test_attempts_that_were_set_aside_come_back_in_an_older_house(migrated):
    """An older house has no way to set anything aside: one open attempt, one form of the test, both kept."""
    cast = build.cast()
    version, quiz = cast.version, cast.version.week_rows[1].quiz
    by = {"enrolment_id": cast.enrolment.id, "firm_id": cast.firm.id, "user_id": cast.owner.id}
    given = {"reason": "Otra vez", "given_by_id": cast.trainer.id, "given_at": build.LONG_AGO}
    resets = [
        build.add(AttemptReset(**by, **given, **what))
        for what in ({"quiz_slug": quiz.slug}, {"moment": "before"})
    ]
    for number, reset in ((1, resets[0].id), (2, None)):
        begun = {"number": number, "drawn": [], "started_at": build.LONG_AGO, "total": 3, "reset_id": reset}
        build.add(Attempt(**by, quiz_id=quiz.id, **begun))
    titles = {"title": "A", "title_en": "A", "summary_en": "", "html": ""}
    test = build.add(KnowledgeTest(version_id=version.id, form="A", **titles))
    for moment, reset in (("before", resets[1].id), ("before", None), ("after", resets[1].id)):
        sat = {"moment": moment, "form": "A", "test_id": test.id, "started_at": build.LONG_AGO}
        build.add(Sitting(**by, **sat, reset_id=reset))
    db.session.commit()
    db.session.remove()
    downgrade(FOLDER, revision="0016")
    with db.engine.connect() as connection:
        states = connection.execute(text("SELECT state FROM attempt ORDER BY number")).scalars().all()
        moments = connection.execute(text("SELECT moment FROM sitting ORDER BY id")).scalars().all()
    assert states == ["finished", "open"] and moments == ["before", "after"]
    upgrade(FOLDER)
    assert [row["reset_id"] for row in rows()["attempt"]] == [None, None] and differences() == []
