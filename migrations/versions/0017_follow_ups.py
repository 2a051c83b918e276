"""follow-ups after the course, and the links to answer them"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("months_after", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("letters", sa.JSON(), nullable=False),
        sa.Column(
            "selling",
            sa.Enum("yes", "sometimes", "no", name="selling", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user.id"], name=op.f("fk_follow_up_answered_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_follow_up_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_follow_up_firm_id_firm")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint(
            "enrolment_id", "months_after", name=op.f("uq_follow_up_enrolment_id_months_after")
        ),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        for column in ("answered_by_id", "enrolment_id", "firm_id", "opens_on"):
            batch_op.create_index(batch_op.f(f"ix_follow_up_{column}"), [column], unique=False)
    op.create_table(
        "follow_up_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_follow_up_link_follow_up_id_follow_up")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_follow_up_link_user_id_user")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_follow_up_link_made_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_follow_up_link_token_hash")),
    )
    with op.batch_alter_table("follow_up_link", schema=None) as batch_op:
        for column in ("follow_up_id", "made_by_id", "user_id"):
            batch_op.create_index(batch_op.f(f"ix_follow_up_link_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("follow_up_link")
    op.drop_table("follow_up")
