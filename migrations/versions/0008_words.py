"""the words that a course explains"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("explanation", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_course_word_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_word")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_course_word_version_id_key")),
    )


def downgrade() -> None:
    op.drop_table("course_word")
