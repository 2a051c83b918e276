"""connections with marketplaces"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

CHANNELS = ("mercado_libre", "amazon", "own_shop", "social", "wholesale", "counter", "other")
STATES = ("asked", "answered", "open", "ended")
REFERENCES = {"ended_by_id": "user", "enrolment_id": "enrolment", "firm_id": "firm", "user_id": "user"}


def upgrade() -> None:
    op.create_table(
        "sales_connection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "channel", sa.Enum(*CHANNELS, name="channel", native_enum=False, length=32), nullable=False
        ),
        sa.Column(
            "state", sa.Enum(*STATES, name="connectionstate", native_enum=False, length=32), nullable=False
        ),
        sa.Column("state_hash", sa.String(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_why", sa.String(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        *[
            sa.ForeignKeyConstraint(
                [column], [f"{target}.id"], name=op.f(f"fk_sales_connection_{column}_{target}")
            )
            for column, target in REFERENCES.items()
        ],
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_connection")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_sales_connection_state_hash")),
    )
    for column in REFERENCES:
        op.create_index(f"ix_sales_connection_{column}", "sales_connection", [column])
    is_open = sa.text("state = 'open'")
    op.create_index(
        "uq_sales_connection_open",
        "sales_connection",
        ["firm_id", "channel"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    op.drop_table("sales_connection")
