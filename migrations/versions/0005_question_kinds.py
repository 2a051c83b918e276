"""kinds of questions, and answers that are more than the number of an option"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

question = sa.table(
    "question",
    sa.column("id", sa.Integer()),
    sa.column("kind", sa.String()),
    sa.column("options", sa.JSON()),
    sa.column("terms", sa.JSON()),
)
lesson = sa.table("lesson", sa.column("id", sa.Integer()), sa.column("check", sa.JSON()))


def upgrade() -> None:
    with op.batch_alter_table("question") as batch:
        batch.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="single"))
        batch.add_column(sa.Column("terms", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("question") as batch:
        batch.alter_column("kind", server_default=None)
        batch.alter_column("terms", server_default=None)
    # A number is JSON too: what was chosen is kept as it was.
    number = "to_json({})" if op.get_bind().dialect.name == "postgresql" else "{}"
    replace("answer", "choice", sa.Column("given", sa.JSON(), nullable=True), number.format("choice"))
    with op.batch_alter_table("answer") as batch:
        batch.alter_column("given", existing_type=sa.JSON(), nullable=False)
    given = sa.Column("check_given", sa.JSON(), nullable=True)
    replace("reading", "check_choice", given, number.format("check_choice"))


def replace(table: str, old: str, new: sa.Column, value: str) -> None:
    op.add_column(table, new)
    op.execute(f"UPDATE {table} SET {new.name} = {value} WHERE {old} IS NOT NULL")
    with op.batch_alter_table(table) as batch:
        batch.drop_column(old)


def downgrade() -> None:
    """Every question becomes a choice: what is not one already, between its solution and anything else."""
    chosen = "CAST(CAST(given AS TEXT) AS INTEGER)"
    singles = "question_id IN (SELECT id FROM question WHERE kind IN ('single', 'photo'))"
    value = f'CASE WHEN {singles} THEN {chosen} WHEN "right" THEN 0 ELSE 1 END'
    replace("answer", "given", sa.Column("choice", sa.Integer(), nullable=True), value)
    with op.batch_alter_table("answer") as batch:
        batch.alter_column("choice", existing_type=sa.Integer(), nullable=False)
    choice = sa.Column("check_choice", sa.Integer(), nullable=True)
    # Of a lesson's question only a number says what was chosen; it counts for nothing and can be tried again.
    text = "CAST(check_given AS TEXT)"
    replace(
        "reading",
        "check_given",
        choice,
        f"CASE WHEN {text} BETWEEN '0' AND '9' AND length({text}) = 1 THEN CAST({text} AS INTEGER) END",
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(question).where(question.c.kind != "single")).all():
        options = as_choice(row.kind, row.options, row.terms)
        connection.execute(question.update().where(question.c.id == row.id).values(options=options))
    for row in connection.execute(sa.select(lesson)).all():
        if row.check and row.check.get("kind", "single") != "single":
            options = as_choice(row.check["kind"], row.check["options"], row.check["terms"])
            kept = {"prompt": row.check["prompt"], "options": options}
            connection.execute(lesson.update().where(lesson.c.id == row.id).values(check=kept))
    with op.batch_alter_table("question") as batch:
        batch.drop_column("terms")
        batch.drop_column("kind")


def as_choice(kind: str, options: list, terms: dict) -> list:
    if kind == "photo":
        return [{"text": row["alt"], "right": row["right"], "reason": row["reason"]} for row in options]
    if kind == "multiple":
        right, wrong = ([row for row in options if row["right"] is said] for said in (True, False))
        solved, told = ", ".join(row["text"] for row in right), " ".join(row["reason"] for row in right)
        missed = " ".join(row["reason"] for row in wrong)
    else:
        solved = solution(kind, options, terms)
        told, missed = terms["if_right"], terms["if_wrong"]
    other = {"text": "Otra respuesta", "right": False, "reason": missed}
    return [{"text": solved, "right": True, "reason": told}, other]


def solution(kind: str, options: list, terms: dict) -> str:
    if kind == "number":
        return f"{terms['value']} {terms['unit']}"
    if kind == "match":
        return "; ".join(f"{row['text']}: {row['partner']}" for row in options)
    return "; ".join(row["text"] for row in options) if kind == "order" else options[0]["text"]
