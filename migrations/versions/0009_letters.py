"""how often a person wants which letters, and the letter of the morning"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KIND = sa.Enum("work", "help", "sessions", "reminders", name="kind", native_enum=False, length=32)
RHYTHM = sa.Enum("at_once", "daily", "never", name="rhythm", native_enum=False, length=32)


def upgrade() -> None:
    op.create_table(
        "preference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("rhythm", RHYTHM, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_preference_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preference")),
        sa.UniqueConstraint("user_id", "kind", name=op.f("uq_preference_user_id_kind")),
    )
    _add("letter", sa.Column("html", sa.String(), nullable=False, server_default=""))
    _add("letter", sa.Column("stop_path", sa.String(), nullable=False, server_default=""))
    _add("notice", sa.Column("in_digest", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", KIND, nullable=True))
        batch_op.create_index(batch_op.f("ix_notice_in_digest"), ["in_digest"], unique=False)


def _add(table: str, column: sa.Column) -> None:
    """A column that old rows are given a value for, and new ones bring their own."""
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.add_column(column)
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.alter_column(column.name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_in_digest"))
        batch_op.drop_column("kind")
        batch_op.drop_column("in_digest")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_column("stop_path")
        batch_op.drop_column("html")
    op.drop_table("preference")
