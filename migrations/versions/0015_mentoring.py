"""mentoring: goals, hours on offer, series, the plan of a cohort, capacities, calendars"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SIDE = sa.Enum("firm", "mentor", name="actionowner", native_enum=False, length=32)
KIND = sa.Enum("visit", "call", "whatsapp", "clinic", name="sessionkind", native_enum=False, length=32)

NEW = (
    "calendar_feed", "plan_tick", "plan_step", "meeting_rules", "availability", "pulse", "goal",
    "mentor_capacity", "mentor_period",
)  # fmt: skip


def upgrade() -> None:
    _who_mentored_whom()
    _pairs()
    _hours()
    _plan()
    _calendar()
    _add("action", sa.Column("practice_key", sa.String(), nullable=False, server_default=""))
    _add("action", sa.Column("milestone_code", sa.String(), nullable=False, server_default=""))
    _add("contact", sa.Column("minutes", sa.Integer(), nullable=False, server_default="0"))
    _add("letter", sa.Column("calendar", sa.String(), nullable=False, server_default=""))
    _add("session", sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("series_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("made_up_by_id", sa.Integer(), nullable=True))
        for column, table in (("series_id", "meeting_series"), ("made_up_by_id", "session")):
            batch_op.create_foreign_key(f"fk_session_{column}_{table}", table, [column], ["id"])
            batch_op.create_index(f"ix_session_{column}", [column], unique=False)


def _who_mentored_whom() -> None:
    """The history of mentors begins with whoever is there now."""
    _create("mentor_period", _id(), *_of("enrolment", "mentor"), _at("since"), _at("until", nullable=True))
    _create("mentor_capacity", _id(), _ref("user_id", "user"), _int("firms"), indexed=(), unique=("user_id",))
    op.execute(
        "INSERT INTO mentor_period (enrolment_id, mentor_id, since) "
        "SELECT id, mentor_id, COALESCE(started_at, invited_at) FROM enrolment WHERE mentor_id IS NOT NULL"
    )


def _pairs() -> None:
    _create(
        "goal", _id(), *_of("enrolment", "firm"), _text("text"), _text("ground_rules"), _kind("side", SIDE),
        _ref("written_by_id", "user"), _at("written_at"), _ref("agreed_by_id", "user", nullable=True),
        _at("agreed_at", nullable=True),
    )  # fmt: skip
    _create(
        "pulse", _id(), *_of("enrolment", "firm", "user"), _kind("side", SIDE), _int("score"), _at("given_at")
    )


def _hours() -> None:
    _create(
        "availability", _id(), *_of("user"), _kind("kind", KIND), _int("minutes"), _int("weekday", nullable=True),
        sa.Column("day", sa.Date(), nullable=True), sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False), _text("time_zone"), _at("created_at"),
    )  # fmt: skip
    _create(
        "meeting_series", _id(), *_of("enrolment", "firm", "host"), _kind("kind", KIND), _int("minutes"),
        _int("every_weeks"), sa.Column("until", sa.Date(), nullable=False), _at("created_at"),
        _at("ended_at", nullable=True),
    )  # fmt: skip
    _create(
        "meeting_rules", _id(), _ref("cohort_id", "cohort"), _int("notice_hours"), _int("days_ahead"),
        _int("makeup_days"), indexed=(), unique=("cohort_id",),
    )  # fmt: skip


def _plan() -> None:
    _create(
        "plan_step", _id(), *_of("cohort"), _int("week"), _text("text"), _at("created_at"),
        _at("dropped_at", nullable=True),
    )  # fmt: skip
    _create(
        "plan_tick", _id(), *_of("enrolment", "firm", "user"), _ref("step_id", "plan_step"), _at("done_at"),
        unique=("enrolment_id", "step_id"),
    )  # fmt: skip


def _calendar() -> None:
    _create(
        "calendar_feed",
        _id(),
        _ref("user_id", "user"),
        _text("token_hash"),
        _at("made_at"),
        indexed=(),
        unique=("user_id",),
    )
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f("uq_calendar_feed_token_hash"), ["token_hash"])


def _id() -> sa.Column:
    return sa.Column("id", sa.Integer(), nullable=False)


def _int(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=False)


def _at(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _kind(name: str, kind: sa.Enum) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


def _ref(name: str, table: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{table}.id"), nullable=nullable)


def _of(*things: str) -> list[sa.Column]:
    people = {"mentor": "user", "host": "user"}
    return [_ref(f"{thing}_id", people.get(thing, thing)) for thing in things]


def _create(table: str, *columns: sa.Column, indexed=None, unique=()) -> None:
    """A table whose constraints are named as the house names them; every reference has its index."""
    references = {c.name: fk for c in columns for fk in c.foreign_keys}
    targets = {name: str(fk._colspec).split(".")[0] for name, fk in references.items()}
    bare = [sa.Column(c.name, c.type, nullable=c.nullable) for c in columns]
    constraints: list = [
        sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}_{to}"))
        for name, to in targets.items()
    ]
    constraints.append(sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")))
    if unique:
        constraints.append(sa.UniqueConstraint(*unique, name=op.f(f"uq_{table}_{'_'.join(unique)}")))
    op.create_table(table, *bare, *constraints)
    with op.batch_alter_table(table, schema=None) as batch_op:
        for name in targets if indexed is None else indexed:
            batch_op.create_index(batch_op.f(f"ix_{table}_{name}"), [name], unique=False)


def _add(table: str, column: sa.Column) -> None:
    """A column that old rows are given a value for, and new ones bring their own."""
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.add_column(column)
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.alter_column(column.name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("session", schema=None) as batch_op:
        for column, table in (("series_id", "meeting_series"), ("made_up_by_id", "session")):
            batch_op.drop_index(f"ix_session_{column}")
            batch_op.drop_constraint(f"fk_session_{column}_{table}", type_="foreignkey")
            batch_op.drop_column(column)
        batch_op.drop_column("arrived_at")
        batch_op.drop_column("sequence")
    for table, column in (
        ("letter", "calendar"), ("contact", "minutes"), ("action", "milestone_code"), ("action", "practice_key"),
    ):  # fmt: skip
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
    for table in (*NEW, "meeting_series"):
        op.drop_table(table)
