"""question banks, tests, dated facts, English titles: what weeks 5 to 16 need"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "programme_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_programme_fact_programme_id_programme")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["user.id"], name=op.f("fk_programme_fact_written_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_fact")),
        sa.UniqueConstraint("programme_id", "key", name=op.f("uq_programme_fact_programme_id_key")),
    )
    with op.batch_alter_table("programme_fact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_fact_written_by_id"), ["written_by_id"], unique=False)

    op.create_table(
        "course_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=True),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("parameter", sa.Boolean(), nullable=False),
        sa.Column("hint", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_course_fact_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_fact")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_course_fact_version_id_key")),
    )
    op.create_table(
        "knowledge_test",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("summary_en", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_knowledge_test_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_test")),
        sa.UniqueConstraint("version_id", "form", name=op.f("uq_knowledge_test_version_id_form")),
    )
    op.create_table(
        "objective",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("text_en", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_objective_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objective")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_objective_version_id_key")),
    )
    op.create_table(
        "test_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("test_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("objective", sa.String(), nullable=False),
        sa.Column("prompt", sa.String(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["test_id"], ["knowledge_test.id"], name=op.f("fk_test_question_test_id_knowledge_test")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_question")),
    )
    with op.batch_alter_table("test_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_test_question_test_id"), ["test_id"], unique=False)

    # What is there already gets what it would have had: a Spanish title, every question of its quiz, no figures.
    add("week", ("title_en", sa.String(), "title"), ("summary_en", sa.String(), "summary"))
    for table in ("lesson", "brief"):
        add(
            table,
            ("title_en", sa.String(), "title"),
            ("summary_en", sa.String(), "''"),
            ("facts", sa.JSON(), "'[]'"),
        )
    add("lesson", ("tools", sa.JSON(), "'[]'"))
    count = "(SELECT count(*) FROM question WHERE question.quiz_id = quiz.id)"
    add(
        "quiz",
        ("title_en", sa.String(), "title"),
        ("summary_en", sa.String(), "''"),
        ("ask", sa.Integer(), count),
    )
    add("attempt", ("drawn", sa.JSON(), "'[]'"))
    draw_all()


def add(table: str, *columns: tuple) -> None:
    """Add columns that may not be empty: first open, then filled by an expression, then closed."""
    for name, kind, value in columns:
        op.add_column(table, sa.Column(name, kind, nullable=True))
        op.execute(f"UPDATE {table} SET {name} = {value}")
    with op.batch_alter_table(table) as batch:
        for name, kind, _value in columns:
            batch.alter_column(name, existing_type=kind, nullable=False)


def draw_all() -> None:
    """Every attempt so far asked the whole quiz."""
    connection = op.get_bind()
    bank: dict[int, list[int]] = {}
    for key, quiz in connection.execute(
        sa.text("SELECT id, quiz_id FROM question ORDER BY quiz_id, position")
    ):
        bank.setdefault(quiz, []).append(key)
    attempt = sa.table("attempt", sa.column("quiz_id", sa.Integer()), sa.column("drawn", sa.JSON()))
    for quiz, keys in bank.items():
        connection.execute(attempt.update().where(attempt.c.quiz_id == quiz).values(drawn=keys))


def downgrade() -> None:
    with op.batch_alter_table("week", schema=None) as batch_op:
        batch_op.drop_column("summary_en")
        batch_op.drop_column("title_en")

    with op.batch_alter_table("quiz", schema=None) as batch_op:
        batch_op.drop_column("ask")
        batch_op.drop_column("summary_en")
        batch_op.drop_column("title_en")

    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.drop_column("facts")
        batch_op.drop_column("tools")
        batch_op.drop_column("summary_en")
        batch_op.drop_column("title_en")

    with op.batch_alter_table("brief", schema=None) as batch_op:
        batch_op.drop_column("facts")
        batch_op.drop_column("summary_en")
        batch_op.drop_column("title_en")

    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_column("drawn")

    with op.batch_alter_table("test_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_test_question_test_id"))

    op.drop_table("test_question")
    op.drop_table("objective")
    op.drop_table("knowledge_test")
    op.drop_table("course_fact")
    with op.batch_alter_table("programme_fact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_fact_written_by_id"))

    op.drop_table("programme_fact")
