"""attention: thresholds of a cohort, reasons that are put off, how many firms needed someone each week"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cohort") as batch:
        batch.add_column(sa.Column("thresholds", sa.JSON(), nullable=True))
    op.create_table(
        "snooze",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_snooze_made_by_id_user")),
        sa.ForeignKeyConstraint(
            ["taken_back_by_id"], ["user.id"], name=op.f("fk_snooze_taken_back_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_snooze_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_snooze_firm_id_firm")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snooze")),
    )
    for column in ("made_by_id", "taken_back_by_id", "enrolment_id", "firm_id"):
        op.create_index(f"ix_snooze_{column}", "snooze", [column])
    op.create_table(
        "attention_week",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at_work", sa.Integer(), nullable=False),
        sa.Column("needing", sa.Integer(), nullable=False),
        sa.Column("by_reason", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_attention_week_cohort_id_cohort")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attention_week")),
        sa.UniqueConstraint("cohort_id", "week_on", name=op.f("uq_attention_week_cohort_id_week_on")),
    )


def downgrade() -> None:
    op.drop_table("attention_week")
    op.drop_table("snooze")
    with op.batch_alter_table("cohort") as batch:
        batch.drop_column("thresholds")
