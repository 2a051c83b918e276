"""The bare application that Pespunte is measured against: what Flask costs without rules, words and guards.

Flask-Login, SQLAlchemy's ORM on SQLite (WAL, synchronous FULL) and Jinja, as a tutorial would join them.
Started as `python -m bench.anchor FOLDER PORT THREADS`.
"""

import sys
from pathlib import Path

from flask import Flask, Response, redirect, render_template, url_for
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user
from markupsafe import Markup
from sqlalchemy import ForeignKey, UniqueConstraint, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, scoped_session, sessionmaker
from waitress.server import create_server

DUMMY_RULES = 60
LEARNERS, COLUMNS = 100, 20
BODY = "<p>El precio de una pieza paga la tela, el hilo, tu tiempo y lo que cobra el canal.</p>\n" * 130


class Base(DeclarativeBase):
    pass


class User(UserMixin, Base):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Lesson(Base):
    __tablename__ = "lesson"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    html: Mapped[str]

    @property
    def body(self) -> Markup:
        return Markup(self.html)


class Progress(Base):
    __tablename__ = "progress"
    __table_args__ = (UniqueConstraint("user_id", "lesson_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"))
    visits: Mapped[int]


class Grade(Base):
    __tablename__ = "grade"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    place: Mapped[int]
    points: Mapped[int]


db = scoped_session(sessionmaker())


def make_app(folder: Path) -> Flask:
    """The application on a database in this folder, made and filled when it is not there."""
    engine = create_engine(f"sqlite:///{folder / 'anchor.db'}")
    event.listen(engine, "connect", _open_sqlite)
    db.configure(bind=engine)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        if session.get(User, 1) is None:
            _fill(session)
    app = Flask("bench", template_folder=str(Path(__file__).parent / "templates"))
    app.secret_key = "a secret of no value"
    login = LoginManager(app)
    login.user_loader(lambda key: db.get(User, int(key)))
    app.teardown_appcontext(lambda _error: db.remove())
    _add_routes(app)
    return app


def _open_sqlite(connection, _record) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _fill(session: Session) -> None:
    session.add_all(User(id=number, name=f"Persona {number}") for number in range(1, LEARNERS + 1))
    session.add(Lesson(id=1, title="El precio de una pieza", html=BODY))
    session.flush()
    session.add_all(
        Grade(user_id=number, place=place, points=(number * place) % 101)
        for number in range(1, LEARNERS + 1)
        for place in range(COLUMNS)
    )
    session.commit()


def _add_routes(app: Flask) -> None:
    for number in range(DUMMY_RULES):
        app.add_url_rule(f"/dummy/{number}/<int:key>", f"dummy_{number}", _hello)
    app.add_url_rule("/hello", "hello", _hello)
    app.add_url_rule("/enter", "enter", _enter)
    app.add_url_rule("/lessons/<int:lesson_id>", "lesson", login_required(_lesson))
    app.add_url_rule("/progress/<int:lesson_id>", "progress", login_required(_progress), methods=["POST"])
    app.add_url_rule("/gradebook", "gradebook", login_required(_gradebook))


def _hello(key: int = 0) -> str:
    return "hello"


def _enter() -> Response:
    login_user(db.get(User, 1))
    return redirect(url_for("hello"))


def _lesson(lesson_id: int) -> str:
    return render_template("lesson.html", lesson=db.get(Lesson, lesson_id), dummies=range(20))


def _progress(lesson_id: int) -> Response:
    mine = select(Progress).where(Progress.user_id == current_user.id, Progress.lesson_id == lesson_id)
    progress = db.scalar(mine)
    if progress is None:
        progress = Progress(user_id=current_user.id, lesson_id=lesson_id, visits=0)
        db.add(progress)
    progress.visits += 1
    db.commit()
    return redirect(url_for("lesson", lesson_id=lesson_id))


def _gradebook() -> str:
    grades: dict[int, list[Grade]] = {}
    for grade in db.scalars(select(Grade).order_by(Grade.user_id, Grade.place)):
        grades.setdefault(grade.user_id, []).append(grade)
    learners = db.scalars(select(User).order_by(User.name)).all()
    return render_template("gradebook.html", learners=learners, grades=grades, columns=range(COLUMNS))


def main(folder: str, port: str, threads: str) -> None:
    app = make_app(Path(folder))
    create_server(app, host="127.0.0.1", port=int(port), threads=int(threads), connection_limit=1000).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
