"""reports of very many firms, made by a job"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("selection", sa.String(), nullable=False),
        sa.Column("firms", sa.Integer(), nullable=False),
        sa.Column("firms_read", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_report_draft_programme_id_programme")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_report_draft_asked_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_draft")),
    )
    for column in ("programme_id", "asked_by_id"):
        op.create_index(f"ix_report_draft_{column}", "report_draft", [column])


def downgrade() -> None:
    op.drop_table("report_draft")
