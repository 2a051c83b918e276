"""the grader: reviews that are shown later, remarks on photos, voice notes, decisions taken up again, opinions, samples"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("storage_key", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        *_keys("recording", submission_id="submission", user_id="user", **OF_ENROLMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
    )
    _index("recording", "submission_id", "user_id", *OF_ENROLMENT)
    op.create_table(
        "held_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("grader_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("feedback", sa.String(), nullable=False),
        sa.Column("pins", sa.JSON(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("show_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        *_keys(
            "held_review",
            submission_id="submission",
            grader_id="user",
            recording_id="recording",
            **OF_ENROLMENT,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_review")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_held_review_submission_id")),
    )
    _index("held_review", "grader_id", "recording_id", *OF_ENROLMENT)
    op.create_table(
        "review_pin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        *_keys("review_pin", review_id="review", attachment_id="attachment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_pin")),
    )
    _index("review_pin", "review_id", "attachment_id")
    with op.batch_alter_table("review_draft", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pins", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("review_draft", schema=None) as batch_op:
        batch_op.alter_column("pins", server_default=None)
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reopened_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reopened_because", sa.String(), nullable=False, server_default=""))
        batch_op.create_foreign_key(
            batch_op.f("fk_review_reopened_by_id_user"), "user", ["reopened_by_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_review_reopened_by_id"), ["reopened_by_id"])
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.alter_column("reopened_because", server_default=None)
    op.create_table(
        "opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        *_keys("opinion", submission_id="submission", asked_by_id="user", user_id="user", **OF_ENROLMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
        sa.UniqueConstraint(
            "submission_id",
            "version_number",
            "user_id",
            name=op.f("uq_opinion_submission_id_version_number_user_id"),
        ),
    )
    _index("opinion", "asked_by_id", "user_id", *OF_ENROLMENT)
    op.create_table(
        "sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        *_keys("sample", submission_id="submission", user_id="user", **OF_ENROLMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_sample_submission_id")),
    )
    _index("sample", "user_id", *OF_ENROLMENT)
    for table in ("review", "review_draft"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("recording_id", sa.Integer(), nullable=True))
            batch_op.create_foreign_key(
                batch_op.f(f"fk_{table}_recording_id_recording"), "recording", ["recording_id"], ["id"]
            )
            batch_op.create_index(batch_op.f(f"ix_{table}_recording_id"), ["recording_id"])


def downgrade() -> None:
    op.drop_table("sample")
    op.drop_table("opinion")
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_reopened_by_id"))
        batch_op.drop_constraint(batch_op.f("fk_review_reopened_by_id_user"), type_="foreignkey")
        for column in ("reopened_by_id", "reopened_at", "reopened_because"):
            batch_op.drop_column(column)
    for table in ("review_draft", "review"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(batch_op.f(f"ix_{table}_recording_id"))
            batch_op.drop_constraint(batch_op.f(f"fk_{table}_recording_id_recording"), type_="foreignkey")
            batch_op.drop_column("recording_id")
    with op.batch_alter_table("review_draft", schema=None) as batch_op:
        batch_op.drop_column("pins")
    op.drop_table("review_pin")
    op.drop_table("held_review")
    op.drop_table("recording")


OF_ENROLMENT = {"enrolment_id": "enrolment", "firm_id": "firm"}


def _keys(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))
        for column, target in targets.items()
    ]


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])
