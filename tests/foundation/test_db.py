"""SQLite is opened to keep what it acknowledged; a unit of work is kept as a whole or not at all."""

import threading

import pytest
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import IntegrityError

from lms.accounts.models import User
from lms.foundation.db import db, is_healthy, quick_check, transaction
from tests import build


@pytest.fixture
def only_on_sqlite(app):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("about SQLite")


@pytest.mark.usefixtures("only_on_sqlite")
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("busy_timeout", 5000),
    ],
)
def test_sqlite_is_opened_to_survive_a_power_cut(pragma, value):
    assert db.session.scalar(text(f"PRAGMA {pragma}")) == value


def test_a_unit_of_work_that_fails_leaves_nothing(app):
    with pytest.raises(RuntimeError), transaction():
        build.user("Lupita")
        raise RuntimeError
    assert db.session.scalar(select(func.count()).select_from(User)) == 0


def test_a_unit_of_work_forgets_what_was_lying_about_before_it(app):
    build.user("Not asked for")
    with transaction():
        build.user("Lupita")
    assert db.session.scalars(select(User.name)).all() == ["Lupita"]


@pytest.mark.usefixtures("only_on_sqlite")
def test_writers_wait_for_each_other_and_lose_nothing(house):
    def write(number):
        with house.app_context():
            for part in range(5):
                with transaction():
                    # Reading first is what makes a deferred transaction fail.
                    db.session.scalar(select(func.count()).select_from(User))
                    build.user(f"P{number}.{part}")
            db.session.remove()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert db.session.scalar(select(func.count()).select_from(User)) == 30


def test_a_key_of_something_that_does_not_exist_is_refused_by_the_database(app):
    from lms.accounts.models import Membership, MembershipKind

    with pytest.raises(IntegrityError):
        build.add(Membership(firm_id=99, user_id=99, kind=MembershipKind.STAFF, joined_at=build.LONG_AGO))
    db.session.rollback()


def test_the_house_says_whether_its_database_is_well(app):
    assert is_healthy() and quick_check() is None


def test_every_foreign_key_can_be_followed_back_without_reading_the_whole_table(app):
    """An index begins with the column, or a join from the other side walks every row."""
    slow = []
    inspector = inspect(db.engine)
    for table in db.metadata.sorted_tables:
        begins = {index["column_names"][0] for index in inspector.get_indexes(table.name)}
        begins |= {unique["column_names"][0] for unique in inspector.get_unique_constraints(table.name)}
        begins |= set(inspector.get_pk_constraint(table.name)["constrained_columns"][:1])
        slow += [str(key.parent) for key in table.foreign_keys if key.parent.name not in begins]
    assert slow == []
