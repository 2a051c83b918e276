"""known phones with their PINs, sessions that end one by one, passkeys"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "known_phone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_known_phone_firm_id_firm")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_phone")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_known_phone_token_hash")),
    )
    op.create_index(op.f("ix_known_phone_firm_id"), "known_phone", ["firm_id"])
    op.create_table(
        "phone_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("phone_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("pin_salt", sa.String(), nullable=False),
        sa.Column("pin_hash", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", MOMENT, nullable=True),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["phone_id"], ["known_phone.id"], name=op.f("fk_phone_user_phone_id_known_phone")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_phone_user_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_user")),
        sa.UniqueConstraint("phone_id", "user_id", name=op.f("uq_phone_user_phone_id_user_id")),
    )
    op.create_index(op.f("ix_phone_user_user_id"), "phone_user", ["user_id"])
    op.create_table(
        "user_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("phone_id", sa.Integer(), nullable=True),
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_user_session_user_id_user")),
        sa.ForeignKeyConstraint(
            ["phone_id"],
            ["known_phone.id"],
            name=op.f("fk_user_session_phone_id_known_phone"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_user_session_key_hash")),
    )
    for column in ("user_id", "phone_id", "began_at"):
        op.create_index(op.f(f"ix_user_session_{column}"), "user_session", [column])
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_passkey_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_user_id"), "passkey", ["user_id"])


def downgrade() -> None:
    for table in ("passkey", "user_session", "phone_user", "known_phone"):
        op.drop_table(table)
