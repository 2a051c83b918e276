"""what a phone sends later: the words of a form's answer, and when work was made"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("form_key", schema=None) as batch_op:
        batch_op.add_column(sa.Column("said", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("form_key", schema=None) as batch_op:
        batch_op.alter_column("said", server_default=None)
    with op.batch_alter_table("submission_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("made_offline_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("submission_version", schema=None) as batch_op:
        batch_op.drop_column("made_offline_at")
    with op.batch_alter_table("form_key", schema=None) as batch_op:
        batch_op.drop_column("said")
