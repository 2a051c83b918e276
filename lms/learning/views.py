"""Pages on which a firm's people read lessons and answer quizzes."""

from collections.abc import Collection
from functools import cache, partial
from typing import Any

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for

from lms.cohorts import services as cohorts
from lms.cohorts.models import AT_WORK, Cohort, Enrolment
from lms.cohorts.services import current_enrolment, own_numbers
from lms.curriculum.forms import ToolForm, tool_form
from lms.curriculum.models import Question
from lms.curriculum.questions import mark, solution
from lms.curriculum.syllabus import syllabus
from lms.foundation.i18n import gettext as _
from lms.learning import lessons, outline, quizzes, resets, services, sittings
from lms.learning.forms import AnswerForm, DoneForm, ListForm, TestForm, WholeQuizForm, question_form
from lms.learning.lessons import LessonPage
from lms.learning.models import Attempt, AttemptState
from lms.permissions import Permission
from lms.web import replays
from lms.web.forms import ConfirmForm, Form, show_form
from lms.web.guard import me, requires

bp = Blueprint("learning", __name__)
bp.add_app_template_filter(mark, "marked")
bp.add_app_template_filter(solution, "solved")


@bp.get("/course")
@requires(Permission.ACT_FOR_FIRM)
def course():
    enrolment = current_enrolment(me().firm_id)
    if enrolment is None:
        return render_template("learning/no_course.html")
    g.time_zone = enrolment.cohort.time_zone
    work = _work(enrolment)
    plan = services.course_plan(enrolment, me(), work, dates=_dates(enrolment))
    upcoming = outline.first_open(item for week in plan for item in week.items)
    has_ended = enrolment.state not in AT_WORK
    return render_template(
        "learning/course.html",
        enrolment=enrolment,
        plan=plan,
        upcoming=upcoming,
        has_ended=has_ended,
        offered=sittings.offer(enrolment, me()),
    )


@bp.get("/lessons/<int:lesson_id>")
@requires(Permission.ACT_FOR_FIRM)
def show_lesson(lesson_id: int):
    enrolment = _enrolment()
    lesson = lessons.lesson_page(enrolment, lesson_id, me())
    if lesson is None:
        return _same_item(services.slug_of(lesson_id))
    return _lesson_page(enrolment, lesson)


@bp.post("/lessons/<int:lesson_id>/done")
@requires(Permission.ACT_FOR_FIRM)
def finish_lesson(lesson_id: int):
    enrolment, lesson = _lesson_here(lesson_id)
    form = DoneForm()
    if form.validate_on_submit():
        lessons.finish_lesson(enrolment, lesson, by=me())
        flash(_("Done: %(title)s.", title=lesson.title))
        return redirect(_named(enrolment, form.upcoming.data) or _after(enrolment, lesson))
    return _lesson_page(enrolment, lesson, done=form)


@bp.post("/lessons/<int:lesson_id>/list")
@requires(Permission.ACT_FOR_FIRM)
def save_list(lesson_id: int):
    enrolment, lesson = _lesson_here(lesson_id)
    form = ListForm(lesson.checklist, ())
    if form.validate_on_submit():
        lessons.save_list(enrolment, lesson, form.ticked.data or (), by=me())
        flash(_("Your list is saved."))
        return redirect(url_for(".show_lesson", lesson_id=lesson_id, _anchor="list"))
    return _lesson_page(enrolment, lesson, ticks=form)


@bp.post("/lessons/<int:lesson_id>/check")
@requires(Permission.ACT_FOR_FIRM)
def answer_check(lesson_id: int):
    enrolment, lesson = _lesson_here(lesson_id)
    form = _check_form(lesson)
    if form is None:
        abort(404)
    if form.validate_on_submit():
        with form.catch_refusal():
            lessons.answer_check(enrolment, lesson, form.given, by=me())
            return redirect(url_for(".show_lesson", lesson_id=lesson_id, _anchor="check"))
    return _lesson_page(enrolment, lesson, check=form)


@bp.get("/quizzes/<int:quiz_id>")
@requires(Permission.ACT_FOR_FIRM)
def show_quiz(quiz_id: int):
    enrolment, quiz = _quiz_here(quiz_id)
    return render_template("learning/show_quiz.html", form=ConfirmForm(), **_quiz_facts(enrolment, quiz))


@bp.post("/quizzes/<int:quiz_id>/start")
@requires(Permission.ACT_FOR_FIRM)
def start_attempt(quiz_id: int):
    enrolment, quiz = _quiz_here(quiz_id)
    form = ConfirmForm()
    if form.validate_on_submit():
        attempt = services.start_attempt(enrolment, quiz, by=me())
        return redirect(url_for(".answer_question", attempt_id=attempt.id))
    return show_form("learning/show_quiz.html", form=form, **_quiz_facts(enrolment, quiz))


@bp.route("/attempts/<int:attempt_id>", methods=["GET", "POST"])
@requires(Permission.ANSWER_ATTEMPT, of=Attempt)
def answer_question(attempt: Attempt):
    if request.method == "GET" and attempt.reset_id is not None and attempt.state is AttemptState.OPEN:
        return redirect(url_for(".open_item", slug=attempt.quiz.slug))
    asked = services.questions(attempt)
    # Who sends an answer names its question: what was answered before is then the service's to ask.
    given = services.answers(attempt) if request.method == "GET" or "question" not in request.form else {}
    question = _question_wanted(asked, given)
    if question is None:
        return redirect(url_for(".show_result", attempt_id=attempt.id))
    facts = {"attempt": attempt, "question": question, "asked": asked, "place": asked.index(question) + 1}
    if request.method == "GET" and question.id in given:
        left = len(asked) - len(given)
        return render_template("learning/show_reason.html", answer=given[question.id], left=left, **facts)
    form = question_form(question, attempt.seed)
    if form.validate_on_submit():
        with form.catch_refusal():
            services.answer(attempt, question.id, form.given, by=me())
            return redirect(url_for(".answer_question", attempt_id=attempt.id, after=question.id))
    return show_form("learning/answer_question.html", form=form, **facts)


@bp.route("/quizzes/<int:quiz_id>/whole", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
def whole_quiz(quiz_id: int):
    enrolment, quiz = _quiz_here(quiz_id)
    number = request.form.get("number", type=int)
    planned = services.planned_try(enrolment, quiz, number, by=me()) or abort(404)
    form = WholeQuizForm(planned.questions, f"{quiz.id}-{me().id}-{planned.number}", planned.number)
    if form.validate_on_submit():
        with form.catch_refusal():
            given = {int(key): one for key, one in form.given.items()}
            attempt = services.answer_all(enrolment, quiz, planned.number, given, by=me())
            replays.say(_("%(right)s of %(total)s right.", right=attempt.right, total=attempt.total))
            return redirect(url_for(".show_result", attempt_id=attempt.id))
    return show_form("learning/whole_quiz.html", form=form, quiz=quiz)


@bp.get("/attempts/<int:attempt_id>/result")
@requires(Permission.ANSWER_ATTEMPT, of=Attempt)
def show_result(attempt: Attempt):
    if attempt.state is AttemptState.OPEN:
        return redirect(url_for(".answer_question", attempt_id=attempt.id))
    asked, given = services.questions(attempt), services.answers(attempt)
    missed = [(question, given[question.id]) for question in asked if not given[question.id].right]
    items = services.items_around(attempt.enrolment, attempt.quiz.week.number, me(), _work(attempt.enrolment))
    return render_template(
        "learning/show_result.html",
        attempt=attempt,
        missed=missed,
        score=quizzes.score(attempt.right, attempt.total),
        lessons=[item for item in items if item.kind == "lesson" and item.week == attempt.quiz.week.number],
        upcoming=outline.after(items, attempt.quiz.slug),
        form=ConfirmForm(),
    )


@bp.route("/course/test", methods=["GET", "POST"])
@requires(Permission.ACT_FOR_FIRM)
def take_test():
    enrolment = _enrolment()
    offered = sittings.offer(enrolment, me())
    if offered is None or offered.sent:
        return redirect(url_for(".show_test_result" if offered else ".course"))
    test, questions = sittings.sheet(offered)
    form = TestForm(questions, f"test-{test.id}-{me().id}", offered.given)
    if request.method == "POST" and "save" in request.form:
        sittings.save(enrolment, offered, form.chosen(), by=me())
        flash(_("What you answered is kept. Send it when you are through."))
        return redirect(url_for(".course"))
    if form.validate_on_submit():
        with form.catch_refusal():
            sittings.send(enrolment, offered, form.given, by=me())
            flash(_("Thank you. Your answers are sent."))
            return redirect(url_for(".show_test_result" if offered.moment == "after" else ".course"))
    return show_form("learning/take_test.html", form=form, test=test, offered=offered)


@bp.get("/course/test/result")
@requires(Permission.ACT_FOR_FIRM)
def show_test_result():
    changes = sittings.changes(_enrolment(), me())
    if not changes:
        return redirect(url_for(".course"))
    return render_template("learning/show_test_result.html", changes=changes)


@bp.get("/cohorts/<int:cohort_id>/test")
@requires(Permission.READ_COHORT, of=Cohort)
def cohort_test(cohort: Cohort):
    found = sittings.cohort_gain(cohort)
    return render_template("learning/cohort_test.html", cohort=cohort, found=found, fewest=sittings.FEWEST)


@bp.get("/learning/items/<path:slug>")
@requires(Permission.ACT_FOR_FIRM)
def open_item(slug: str):
    return _same_item(slug)


def _enrolment() -> Enrolment:
    """Where the person's firm works; without one there is no lesson to see."""
    enrolment = current_enrolment(me().firm_id, alone=True)
    if enrolment is None:
        abort(404)
    g.time_zone = enrolment.cohort.time_zone
    return enrolment


def _lesson_here(lesson_id: int) -> tuple[Enrolment, LessonPage]:
    enrolment = _enrolment()
    return enrolment, lessons.lesson_page(enrolment, lesson_id, me()) or abort(404)


def _quiz_here(quiz_id: int):
    enrolment = _enrolment()
    return enrolment, services.quiz_of(enrolment, quiz_id) or abort(404)


def _question_wanted(asked: list[Question], given: Collection[int]) -> Question | None:
    """The one that was sent or whose reason one asks for, else the first without an answer."""
    wanted = request.form.get("question", type=int) or request.args.get("after", type=int)
    wanted = wanted or quizzes.next_unanswered([question.id for question in asked], given)
    return next((question for question in asked if question.id == wanted), None)


def _work(enrolment: Enrolment) -> outline.Work:
    """How the firm's tasks stand: the assignments room tells it through the app, as the two are strangers."""
    tell = current_app.extensions.get("work_states")
    return tell(enrolment) if tell else outline.NO_WORK


def _dates(enrolment: Enrolment) -> outline.Dates:
    """Up to when the firm was given time for its tasks, told in the same way."""
    tell = current_app.extensions.get("work_dates")
    return tell(enrolment) if tell else outline.NO_DATES


def _same_item(slug: str | None):
    """The page of an item of the firm's present course by its name, whatever version a link was made for."""
    found = services.item_at(_enrolment(), slug) if slug else None
    if found is None:
        abort(404)
    endpoint, key = outline.PAGES[found[0]]
    where: dict[str, Any] = {key: found[1]}
    return redirect(url_for(endpoint, **where))


def _named(enrolment: Enrolment, slug: str | None) -> str | None:
    """The page of an item of the firm's present course, without asking the database."""
    entries = syllabus(enrolment.cohort.course_version_id).entries
    found = next((entry for entry in entries if entry.slug == slug), None)
    if found is None:
        return None
    endpoint, key = outline.PAGES[outline.Kind(found.kind)]
    where: dict[str, Any] = {key: found.id}
    return url_for(endpoint, **where)


def _after(enrolment: Enrolment, lesson: LessonPage) -> str:
    """What comes next, looked up: for a page that was the last of what it could see."""
    work = _work(enrolment)
    items = outline.items(enrolment.cohort.course_version_id, enrolment.id, me(), work)
    upcoming = outline.after(items, lesson.slug) or outline.first_open(items)
    return url_for(upcoming.endpoint, **upcoming.values) if upcoming else url_for(".course")


def _check_form(lesson: LessonPage) -> AnswerForm | None:
    return question_form(lesson.check, lesson.seed, prefix="check_") if lesson.check else None


def _lesson_page(enrolment: Enrolment, lesson: LessonPage, **sent: Form):
    """The lesson with its three forms; the one that was sent wrongly shows what is to correct."""
    version_id, work = enrolment.cohort.course_version_id, cache(partial(_work, enrolment))
    place = outline.place_of_lesson(version_id, enrolment.id, me(), lesson.id, work)
    done = sent.get("done") or DoneForm(place.upcoming.slug if place.upcoming else "")
    forms = {
        "done": done,
        "ticks": sent.get("ticks") or ListForm(lesson.checklist, lesson.ticked or ()),
        "check": sent.get("check") or _check_form(lesson),
    }
    return show_form(
        "learning/show_lesson.html",
        next(iter(sent.values()), done),
        lesson=lesson,
        enrolment=enrolment,
        place=place,
        upcoming=place.upcoming,
        calculators=[_calculator(enrolment, lesson, **row) for row in lesson.tools],
        again="again" in request.args or "check" in sent,
        **forms,
    )


def _calculator(
    enrolment: Enrolment, lesson: LessonPage, tool: str, example: dict[str, float]
) -> tuple[str, ToolForm]:
    own = own_numbers(enrolment.cohort.programme_id, tool)
    return tool, tool_form(tool, lesson=lesson.slug, example=example, kept=own)


def _quiz_facts(enrolment: Enrolment, quiz) -> dict:
    made = services.attempts_at(enrolment, quiz)
    mine = [attempt for attempt, _name in made if attempt.user_id == me().id]
    finished = [attempt for attempt in mine if attempt.state is AttemptState.FINISHED]
    return {
        "enrolment": enrolment,
        "quiz": quiz,
        "count": quiz.ask,
        "finished": finished,
        "begun": next((attempt for attempt in mine if attempt.state is AttemptState.OPEN), None),
        "best": quizzes.best_score(quizzes.score(attempt.right, attempt.total) for attempt in finished),
        "excused": cohorts.excused_from(enrolment).get(quiz.slug, ""),
        "given_again": resets.given_to(enrolment, me().id, quiz) if not finished else None,
        "passed_by": next((name for attempt, name in reversed(made) if attempt.passed), None),
    }
