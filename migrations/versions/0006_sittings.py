"""the test before and after the course, taken by members"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.Enum("before", "after", name="sittingmoment", native_enum=False, length=32)
    op.create_table(
        "sitting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("moment", moment, nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("test_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_sitting_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_sitting_firm_id_firm")),
        sa.ForeignKeyConstraint(
            ["test_id"], ["knowledge_test.id"], name=op.f("fk_sitting_test_id_knowledge_test")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_sitting_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting")),
        sa.UniqueConstraint(
            "enrolment_id", "user_id", "moment", name=op.f("uq_sitting_enrolment_id_user_id_moment")
        ),
    )
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        for column in ("enrolment_id", "firm_id", "test_id", "user_id"):
            batch_op.create_index(batch_op.f(f"ix_sitting_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("sitting")
