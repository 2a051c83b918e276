"""reviewing: sentences that are kept, reviews that are being written, what firms say to them"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phrase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("brief_slug", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_phrase_programme_id_programme")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_phrase_course_id_course")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_phrase_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrase")),
    )
    op.create_index("ix_phrase_programme_id_brief_slug", "phrase", ["programme_id", "brief_slug"])
    op.create_index("ix_phrase_course_id", "phrase", ["course_id"])
    op.create_index("ix_phrase_user_id", "phrase", ["user_id"])
    op.create_table(
        "review_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("feedback", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_review_draft_submission_id_submission")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_review_draft_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_draft")),
        sa.UniqueConstraint(
            "submission_id",
            "version_number",
            "user_id",
            name=op.f("uq_review_draft_submission_id_version_number_user_id"),
        ),
    )
    op.create_index("ix_review_draft_user_id", "review_draft", ["user_id"])
    op.create_table(
        "review_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"], [f"{table}.id"], name=op.f(f"fk_review_reply_{table}_id_{table}")
            )
            for table in ("review", "enrolment", "firm", "user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_reply")),
    )
    for column in ("review_id", "enrolment_id", "firm_id", "user_id"):
        op.create_index(f"ix_review_reply_{column}", "review_reply", [column])


def downgrade() -> None:
    op.drop_table("review_reply")
    op.drop_table("review_draft")
    op.drop_table("phrase")
