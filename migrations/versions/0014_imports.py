"""imports of sales: more of each figure, orders behind it, what an undo gives back"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

CHANNELS = ("mercado_libre", "amazon", "own_shop", "social", "wholesale", "counter", "other")
STATES = ("to_map", "reading", "ready", "writing", "written", "refused")


def channel() -> sa.Enum:
    return sa.Enum(*CHANNELS, name="channel", native_enum=False, length=32)


def upgrade() -> None:
    _create_tables()
    with op.batch_alter_table("figure") as batch:
        batch.add_column(sa.Column("cancelled", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("fees", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("currency", sa.String(), server_default="MXN", nullable=False))
        batch.add_column(sa.Column("source", sa.String(), server_default="", nullable=False))
        batch.add_column(sa.Column("is_whole", sa.Boolean(), nullable=True))
    with op.batch_alter_table("figure") as batch:
        batch.alter_column("currency", existing_type=sa.String(), server_default=None)
        batch.alter_column("source", existing_type=sa.String(), server_default=None)
    # Until now only invoices were imported.
    op.execute("UPDATE figure SET source = 'cfdi' WHERE import_id IS NOT NULL")
    with op.batch_alter_table("sales_import") as batch:
        batch.add_column(sa.Column("source_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("file_hash", sa.String(), nullable=True))
        batch.add_column(sa.Column("first_day", sa.Date(), nullable=True))
        batch.add_column(sa.Column("last_day", sa.Date(), nullable=True))
        batch.add_column(sa.Column("before", sa.JSON(), server_default="[]", nullable=False))
        batch.add_column(sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("undone_by_id", sa.Integer(), nullable=True))
        batch.create_index("ix_sales_import_source_id", ["source_id"])
        batch.create_index("ix_sales_import_undone_by_id", ["undone_by_id"])
        batch.create_foreign_key(
            "fk_sales_import_source_id_sales_source", "sales_source", ["source_id"], ["id"]
        )
        batch.create_foreign_key("fk_sales_import_undone_by_id_user", "user", ["undone_by_id"], ["id"])
    with op.batch_alter_table("sales_import") as batch:
        batch.alter_column("before", existing_type=sa.JSON(), server_default=None)
    _widen_revisions()


def _create_tables() -> None:
    op.create_table(
        "sales_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("channel", channel(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_sales_source_firm_id_firm")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_source")),
        sa.UniqueConstraint("firm_id", "channel", "name", name=op.f("uq_sales_source_firm_id_channel_name")),
    )
    op.create_table(
        "column_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("channel", channel(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_column_mapping_firm_id_firm")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_mapping")),
        sa.UniqueConstraint("firm_id", "signature", name=op.f("uq_column_mapping_firm_id_signature")),
    )
    op.create_table(
        "sales_entry",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        *_amounts(),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sales_source.id"], name=op.f("fk_sales_entry_source_id_sales_source")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["sales_import.id"], name=op.f("fk_sales_entry_import_id_sales_import")
        ),
        sa.PrimaryKeyConstraint("source_id", "key", name=op.f("pk_sales_entry")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sales_entry_import_id", "sales_entry", ["import_id"])
    op.create_table(
        "sales_entry_before",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("import_before_id", sa.Integer(), nullable=False),
        *_amounts(),
        sa.ForeignKeyConstraint(
            ["import_id"], ["sales_import.id"], name=op.f("fk_sales_entry_before_import_id_sales_import")
        ),
        sa.PrimaryKeyConstraint("import_id", "source_id", "key", name=op.f("pk_sales_entry_before")),
        sqlite_with_rowid=False,
    )
    _create_uploads()


def _create_uploads() -> None:
    op.create_table(
        "sales_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "state", sa.Enum(*STATES, name="uploadstate", native_enum=False, length=32), nullable=False
        ),
        sa.Column("channel", channel(), nullable=True),
        sa.Column("files_key", sa.String(), nullable=True),
        sa.Column("batch_key", sa.String(), nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["sales_import.id"], name=op.f("fk_sales_upload_import_id_sales_import")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_sales_upload_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_sales_upload_firm_id_firm")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_sales_upload_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_upload")),
    )
    for column in ("import_id", "enrolment_id", "firm_id", "user_id"):
        op.create_index(f"ix_sales_upload_{column}", "sales_upload", [column])


def _amounts() -> list[sa.Column]:
    return [
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=True),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.BigInteger(), nullable=False),
        sa.Column("refunded", sa.BigInteger(), nullable=False),
        sa.Column("fees", sa.BigInteger(), nullable=False),
    ]


def _widen_revisions() -> None:
    with op.batch_alter_table("figure_revision") as batch:
        batch.add_column(sa.Column("firm_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("channel", channel(), nullable=True))
        batch.add_column(sa.Column("month", sa.Date(), nullable=True))
        batch.add_column(sa.Column("details", sa.JSON(), server_default="{}", nullable=False))
        batch.alter_column("figure_id", existing_type=sa.Integer(), nullable=True)
    for column in ("firm_id", "channel", "month"):
        op.execute(
            f"UPDATE figure_revision SET {column} = "
            f"(SELECT figure.{column} FROM figure WHERE figure.id = figure_revision.figure_id)"
        )
    with op.batch_alter_table("figure_revision") as batch:
        batch.alter_column("firm_id", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("channel", existing_type=channel(), nullable=False)
        batch.alter_column("month", existing_type=sa.Date(), nullable=False)
        batch.alter_column("details", existing_type=sa.JSON(), server_default=None)
        batch.create_index("ix_figure_revision_firm_id_channel_month", ["firm_id", "channel", "month"])
        batch.create_foreign_key("fk_figure_revision_firm_id_firm", "firm", ["firm_id"], ["id"])


def downgrade() -> None:
    # The history of figures that went with an undone import has nowhere to hang.
    op.execute("DELETE FROM figure_revision WHERE figure_id IS NULL")
    with op.batch_alter_table("figure_revision") as batch:
        batch.drop_constraint("fk_figure_revision_firm_id_firm", type_="foreignkey")
        batch.drop_index("ix_figure_revision_firm_id_channel_month")
        batch.alter_column("figure_id", existing_type=sa.Integer(), nullable=False)
        for column in ("details", "month", "channel", "firm_id"):
            batch.drop_column(column)
    for table in ("sales_upload", "sales_entry_before", "sales_entry", "column_mapping"):
        op.drop_table(table)
    with op.batch_alter_table("sales_import") as batch:
        batch.drop_constraint("fk_sales_import_source_id_sales_source", type_="foreignkey")
        batch.drop_constraint("fk_sales_import_undone_by_id_user", type_="foreignkey")
        batch.drop_index("ix_sales_import_source_id")
        batch.drop_index("ix_sales_import_undone_by_id")
        for column in (
            "undone_by_id",
            "undone_at",
            "before",
            "last_day",
            "first_day",
            "file_hash",
            "source_id",
        ):
            batch.drop_column(column)
    op.drop_table("sales_source")
    with op.batch_alter_table("figure") as batch:
        for column in ("is_whole", "source", "currency", "fees", "cancelled"):
            batch.drop_column(column)
