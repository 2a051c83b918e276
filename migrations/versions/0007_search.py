"""the index of what courses say"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # It stays empty here: `flask curriculum publish` fills it for every version that has no index yet.
    op.create_table(
        "search_term",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("stem", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("item_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_search_term_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("version_id", "stem", "kind", "item_id", name=op.f("pk_search_term")),
    )


def downgrade() -> None:
    op.drop_table("search_term")
