"""for when tasks are, more days for a firm, and work handed in for it"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PEOPLE = ("asked_by_id", "decided_by_id", "ended_by_id")


def upgrade() -> None:
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.add_column(sa.Column("late_days", sa.Integer(), nullable=True))
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.add_column(sa.Column("to_confirm", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.alter_column("to_confirm", server_default=None)
    add_facts_to_versions()
    create_extensions()


def add_facts_to_versions() -> None:
    """What was handed in before has no date of its own: nobody noted it."""
    assistance = sa.Enum("asked", "confirmed", "objected", name="assistance", native_enum=False, length=32)
    with op.batch_alter_table("submission_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("assistance", assistance, nullable=True))
        batch_op.add_column(sa.Column("answered_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("objection", sa.String(), nullable=False, server_default=""))
        batch_op.create_foreign_key(
            batch_op.f("fk_submission_version_answered_by_id_user"), "user", ["answered_by_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_submission_version_answered_by_id"), ["answered_by_id"])
    with op.batch_alter_table("submission_version", schema=None) as batch_op:
        batch_op.alter_column("late", server_default=None)
        batch_op.alter_column("objection", server_default=None)


def create_extensions() -> None:
    states = ("asked", "granted", "declined", "withdrawn", "replaced")
    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brief_slug", sa.String(), nullable=False),
        sa.Column(
            "state", sa.Enum(*states, name="extensionstate", native_enum=False, length=32), nullable=False
        ),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_days", sa.Integer(), nullable=True),
        sa.Column("asked_because", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("paused_days", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.String(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_extension_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_extension_firm_id_firm")),
        *(
            sa.ForeignKeyConstraint([person], ["user.id"], name=op.f(f"fk_extension_{person}_user"))
            for person in PEOPLE
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        for column in ("enrolment_id", "firm_id", "state", *PEOPLE):
            batch_op.create_index(batch_op.f(f"ix_extension_{column}"), [column], unique=False)
    for state in ("asked", "granted"):
        where = sa.text(f"state = '{state}'")
        op.create_index(
            f"uq_extension_{state}",
            "extension",
            ["enrolment_id", "brief_slug"],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )


def downgrade() -> None:
    op.drop_table("extension")
    with op.batch_alter_table("submission_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submission_version_answered_by_id"))
        batch_op.drop_constraint(batch_op.f("fk_submission_version_answered_by_id_user"), type_="foreignkey")
        for column in ("objection", "answered_at", "answered_by_id", "assistance", "late", "due_on"):
            batch_op.drop_column(column)
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_column("to_confirm")
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.drop_column("late_days")
