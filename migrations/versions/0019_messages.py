"""messages: conversations, announcements, what waits to be read, hours without letters"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _messages()
    _announcements()
    _quiet_hours()
    for table in ("user", "membership"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("unread", sa.Integer(), nullable=False, server_default="0"))
        with op.batch_alter_table(table) as batch:
            batch.alter_column("unread", server_default=None)


def _messages() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_firm", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"], [f"{table}.id"], name=op.f(f"fk_message_{table}_id_{table}")
            )
            for table in ("enrolment", "firm", "user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_enrolment_id_id", "message", ["enrolment_id", "id"])
    op.create_index("ix_message_firm_id", "message", ["firm_id"])
    op.create_index("ix_message_user_id", "message", ["user_id"])
    op.create_table(
        "read_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"], [f"{table}.id"], name=op.f(f"fk_read_mark_{table}_id_{table}")
            )
            for table in ("enrolment", "user", "message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_mark")),
        sa.UniqueConstraint("enrolment_id", "user_id", name=op.f("uq_read_mark_enrolment_id_user_id")),
    )
    op.create_index("ix_read_mark_user_id", "read_mark", ["user_id"])
    op.create_index("ix_read_mark_message_id", "read_mark", ["message_id"])


def _announcements() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_announcement_{column}_{table}"))
            for column, table in (("cohort_id", "cohort"), ("author_id", "user"), ("withdrawn_by_id", "user"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    for column in ("cohort_id", "author_id", "withdrawn_by_id"):
        op.create_index(f"ix_announcement_{column}", "announcement", [column])
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"], [f"{table}.id"], name=op.f(f"fk_delivery_{table}_id_{table}")
            )
            for table in ("announcement", "enrolment", "firm", "user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "announcement_id",
            "enrolment_id",
            "user_id",
            name=op.f("uq_delivery_announcement_id_enrolment_id_user_id"),
        ),
    )
    for column in ("enrolment_id", "firm_id", "user_id"):
        op.create_index(f"ix_delivery_{column}", "delivery", [column])


def _quiet_hours() -> None:
    columns = (("quiet_from", "21:00:00"), ("quiet_until", "08:00:00"))
    with op.batch_alter_table("cohort") as batch:
        for name, usual in columns:
            batch.add_column(sa.Column(name, sa.Time(), nullable=False, server_default=usual))
    with op.batch_alter_table("cohort") as batch:
        for name, _usual in columns:
            batch.alter_column(name, server_default=None)
    with op.batch_alter_table("letter") as batch:
        batch.add_column(sa.Column("cohort_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_letter_cohort_id_cohort", "cohort", ["cohort_id"], ["id"])
        batch.create_index("ix_letter_cohort_id", ["cohort_id"])


def downgrade() -> None:
    with op.batch_alter_table("letter") as batch:
        batch.drop_index("ix_letter_cohort_id")
        batch.drop_constraint("fk_letter_cohort_id_cohort", type_="foreignkey")
        batch.drop_column("cohort_id")
    with op.batch_alter_table("cohort") as batch:
        batch.drop_column("quiet_until")
        batch.drop_column("quiet_from")
    for table in ("membership", "user"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("unread")
    op.drop_table("delivery")
    op.drop_table("announcement")
    op.drop_table("read_mark")
    op.drop_table("message")
