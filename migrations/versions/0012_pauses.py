"""pauses that firms ask for"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STATES = ("asked", "approved", "declined", "withdrawn")


def upgrade() -> None:
    op.create_table(
        "pause_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="pausestate", native_enum=False, length=32), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user.id"], name=op.f("fk_pause_request_answered_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_pause_request_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_pause_request_firm_id_firm")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_pause_request_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause_request")),
    )
    with op.batch_alter_table("pause_request", schema=None) as batch_op:
        for column in ("answered_by_id", "enrolment_id", "firm_id", "state", "user_id"):
            batch_op.create_index(batch_op.f(f"ix_pause_request_{column}"), [column], unique=False)
        batch_op.create_index(
            "uq_pause_request_open",
            ["enrolment_id"],
            unique=True,
            sqlite_where=sa.text("state = 'asked'"),
            postgresql_where=sa.text("state = 'asked'"),
        )


def downgrade() -> None:
    op.drop_table("pause_request")
