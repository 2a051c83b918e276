"""new attempts that staff give, and what firms are excused from"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

OPEN = "state = 'open'"
CURRENT = "reset_id IS NULL"


def upgrade() -> None:
    op.create_table(
        "attempt_reset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_slug", sa.String(), nullable=False),
        sa.Column(
            "moment",
            sa.Enum("before", "after", name="sittingmoment", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        *_references(
            "attempt_reset",
            given_by="user",
            undone_by="user",
            enrolment="enrolment",
            firm="firm",
            user="user",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_reset")),
    )
    for column in ("given_by_id", "undone_by_id", "enrolment_id", "firm_id", "user_id"):
        op.create_index(f"ix_attempt_reset_{column}", "attempt_reset", [column])
    op.create_table(
        "exemption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.String(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        *_references("exemption", given_by="user", ended_by="user", enrolment="enrolment", firm="firm"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption")),
    )
    for column in ("given_by_id", "ended_by_id", "enrolment_id", "firm_id"):
        op.create_index(f"ix_exemption_{column}", "exemption", [column])
    _unique("uq_exemption_in_force", "exemption", ["enrolment_id", "slug"], "ended_at IS NULL")
    for table in ("attempt", "sitting"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("reset_id", sa.Integer(), nullable=True))
            batch.create_foreign_key(
                f"fk_{table}_reset_id_attempt_reset", "attempt_reset", ["reset_id"], ["id"]
            )
            batch.create_index(f"ix_{table}_reset_id", ["reset_id"])
            if table == "sitting":
                batch.drop_constraint("uq_sitting_enrolment_id_user_id_moment", type_="unique")
    _only_one_open(f"{OPEN} AND {CURRENT}")
    _unique("uq_sitting_current", "sitting", ["enrolment_id", "user_id", "moment"], CURRENT)


def downgrade() -> None:
    """What was set aside cannot be told from the rest any more: attempts count again, as the best one does;
    of a form of the test only the one that counted is kept, and where there is none, the last one."""
    op.drop_index("uq_sitting_current", "sitting")
    op.drop_index("uq_attempt_open", "attempt")
    op.execute("UPDATE attempt SET state = 'finished' WHERE state = 'open' AND reset_id IS NOT NULL")
    op.execute(
        "DELETE FROM sitting WHERE reset_id IS NOT NULL AND EXISTS (SELECT 1 FROM sitting AS other WHERE"
        " other.enrolment_id = sitting.enrolment_id AND other.user_id = sitting.user_id"
        " AND other.moment = sitting.moment AND other.id <> sitting.id"
        " AND (other.reset_id IS NULL OR other.id > sitting.id))"
    )
    for table in ("sitting", "attempt"):
        with op.batch_alter_table(table) as batch:
            batch.drop_index(f"ix_{table}_reset_id")
            batch.drop_constraint(f"fk_{table}_reset_id_attempt_reset", type_="foreignkey")
            batch.drop_column("reset_id")
            if table == "sitting":
                batch.create_unique_constraint(
                    "uq_sitting_enrolment_id_user_id_moment", ["enrolment_id", "user_id", "moment"]
                )
    _unique("uq_attempt_open", "attempt", ["enrolment_id", "user_id", "quiz_id"], OPEN)
    op.drop_table("attempt_reset")
    op.drop_table("exemption")


def _references(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([f"{name}_id"], [f"{target}.id"], name=op.f(f"fk_{table}_{name}_id_{target}"))
        for name, target in targets.items()
    ]


def _only_one_open(where: str) -> None:
    op.drop_index("uq_attempt_open", "attempt")
    _unique("uq_attempt_open", "attempt", ["enrolment_id", "user_id", "quiz_id"], where)


def _unique(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)
