"""What an invented firm read, answered and handed in."""

from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from lms.assignments.models import (
    Attachment,
    Outcome,
    Review,
    ReviewPin,
    Submission,
    SubmissionState,
    SubmissionVersion,
)
from lms.curriculum.questions import CHOICES, ONE_CHOICE, solution
from lms.learning.models import Answer, Attempt, AttemptState, Reading, Sitting, SittingMoment
from lms.learning.quizzes import draw
from lms.learning.sittings import first_form
from lms.ops import demo_dates, demo_marks

FOLIO_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def moment_in_week(world: Any, case: Any, week: int, day: int) -> datetime:
    """Some hour of that day (0 Monday) of a week of the course, never in the future. Week 0 is the week
    before."""
    hour = time(world.chance.randint(14, 23), world.chance.randint(0, 59), tzinfo=UTC)
    wanted = datetime.combine(case.starts_on + timedelta(days=7 * (week - 1) + day), hour)
    return min(wanted, world.now - timedelta(minutes=world.chance.randint(5, 600)))


def weeks_with_work(case: Any) -> list[Any]:
    """The weeks of the course that the firm has lived and that have something to do."""
    return [week for week in case.version.week_rows if week.number <= case.weeks_lived and week.lessons]


def likely(case: Any, week: int) -> float:
    """The chance that the firm did one thing of a week: high for past weeks, half of it for the present
    one."""
    past = 1 - (1 - case.diligence) * 0.35
    return past * (0.55 if week >= case.plan.present_week else 1)


def add_learning(world: Any, case: Any) -> None:
    """Readings and quiz attempts; the present week is half done."""
    for week in weeks_with_work(case):
        eagerness = likely(case, week.number)
        for lesson in week.lessons:
            if world.chance.random() < eagerness:
                _read(world, case, week, lesson)
        if week.quiz and world.chance.random() < eagerness:
            _attempt(world, case, week.quiz, week.number)


def add_sittings(world: Any, case: Any) -> None:
    """The test before the course, and the one after it where the course is over: some took both."""
    chance = Random(f"sittings-{case.enrolment_id}")  # its own, so that everything else stays as it was
    forms = {test.form: test for test in case.version.tests}
    for person in case.people if len(forms) == 2 and case.weeks_lived else ():
        if chance.random() > case.diligence:
            continue
        first = first_form(person)
        _sit(world, case, person, SittingMoment.BEFORE, forms[first], _hits(chance, forms[first], 0.45))
        if case.weeks_lived >= 16 and chance.random() < 0.9:
            other = next(test for form, test in forms.items() if form != first)
            hits = _hits(chance, other, 0.5 + 0.35 * case.diligence)
            _sit(world, case, person, SittingMoment.AFTER, other, hits)


def _hits(chance: Random, test: Any, skill: float) -> list[tuple[Any, bool, Any]]:
    """Each question of the form, whether it is answered rightly, and the answer."""
    hits = [(question, chance.random() < skill) for question in test.questions]
    return [(one, hit, solution(one) if hit else _wrong(chance, one)) for one, hit in hits]


def _sit(world: Any, case: Any, person: int, moment: SittingMoment, test: Any, hits: list) -> None:
    week = 0 if moment is SittingMoment.BEFORE else 16
    at = datetime.combine(case.starts_on + timedelta(days=7 * (week - 1) + 4), time(18), tzinfo=UTC)
    world.rows.add(
        Sitting,
        **case.common,
        user_id=person,
        moment=moment,
        form=test.form,
        test_id=test.id,
        started_at=at - timedelta(minutes=12),
        sent_at=at,
        given={str(question.id): given for question, _hit, given in hits},
        marks={question.objective: hit for question, hit, _given in hits},
    )


def _read(world: Any, case: Any, week: Any, lesson: Any) -> None:
    at = moment_in_week(world, case, week.number, world.chance.randint(0, 4))
    world.rows.add(
        Reading,
        **case.common,
        user_id=world.chance.choice(case.people),
        lesson_id=lesson.id,
        ticked=list(range(world.chance.randint(0, len(lesson.checklist)))),
        check_given=solution(lesson.question) if lesson.question else None,
        opened_at=at - timedelta(minutes=9),
        done_at=at,
    )


def _attempt(world: Any, case: Any, quiz: Any, week: int) -> None:
    person = world.chance.choice(case.people)
    at = moment_in_week(world, case, week, 5)
    needed = quiz.pass_percent / 100 * quiz.ask
    bank = {question.id: question for question in quiz.questions}
    earlier: list[list[int]] = []
    for number in range(1, 4):
        drawn = draw(list(bank), quiz.ask, earlier, seed=f"{person}-{quiz.id}-{number}")
        earlier.append(drawn)
        hits = [world.chance.random() < 0.5 + 0.45 * case.diligence for _ in drawn]
        passed = sum(hits) >= needed
        attempt = world.rows.add(
            Attempt,
            **case.common,
            user_id=person,
            quiz_id=quiz.id,
            number=number,
            drawn=drawn,
            state=AttemptState.FINISHED,
            started_at=at - timedelta(minutes=6),
            finished_at=at,
            right=sum(hits),
            total=len(hits),
            passed=passed,
            reset_id=None,
        )
        for question, hit in zip((bank[key] for key in drawn), hits, strict=True):
            world.rows.add(
                Answer,
                attempt_id=attempt,
                question_id=question.id,
                given=solution(question) if hit else _wrong(world.chance, question),
                right=hit,
                answered_at=at,
            )
        if passed or world.chance.random() < 0.3:
            break
    demo_marks.set_aside(world, case, quiz, person, at, len(earlier))


def _wrong(chance: Any, question: Any) -> Any:
    """Something that somebody who did not know it might answer."""
    count = len(question.options)
    if question.kind in CHOICES:
        option = chance.choice([n for n in range(count) if not question.options[n]["right"]])
        return option if question.kind in ONE_CHOICE else [option]
    if question.kind in ("order", "match"):
        return [*range(1, count), 0]
    foreseen = question.terms["mistakes"]
    if question.kind == "text":
        return foreseen[0]["text"] if foreseen else "No sé"
    return str(foreseen[0]["value"] if foreseen else question.terms["value"] * 10)


def add_tasks(world: Any, case: Any) -> None:
    """Submissions with pictures and reviews; the newest wait for their trainer."""
    for week in weeks_with_work(case):
        is_now = week.number >= case.plan.present_week - 1
        if week.brief and world.chance.random() < likely(case, week.number):
            _submit(world, case, week.brief, week.number, is_now)
        elif week.brief and not demo_marks.add_exemption(world, case, week.brief, week.number):
            demo_dates.add_more_days(world, case, week.brief, week.number)


def _submit(world: Any, case: Any, brief: Any, week: int, is_now: bool) -> None:
    chance = world.chance
    state = _state(chance, case, is_now)
    at = demo_dates.arrived(world, case, week, moment_in_week(world, case, week, chance.randint(3, 6)))
    assisted = state is not SubmissionState.DRAFT and demo_dates.is_assisted(case, week, state)
    submission = world.rows.add(
        Submission,
        **case.common,
        brief_id=brief.id,
        state=state,
        text="Aquí va nuestra tarea. La hicimos con los productos que más se venden."
        if brief.text_label
        else "",
        handed_in_at=None if state is SubmissionState.DRAFT else at,
        draft_saved_at=at,
        revision=1,
        to_confirm=assisted and state is SubmissionState.HANDED_IN,
    )
    again = state is SubmissionState.ACCEPTED and chance.random() < 0.25
    attachments = _attach(world, case, brief, submission, at, dark=state is SubmissionState.RETURNED)
    if state is SubmissionState.DRAFT:
        return
    numbers = (1, 2) if again else (1,)
    for number in numbers:
        handed_in = at - timedelta(days=3 * (numbers[-1] - number))
        sender = chance.choice(case.people)
        by_mentor = assisted and number == numbers[-1]
        world.rows.add(
            SubmissionVersion,
            **case.common,
            **demo_dates.due_facts(case, week, at - timedelta(days=3 * (len(numbers) - 1))),
            **demo_dates.assistance(case, state, handed_in, by_mentor),
            user_id=case.mentor_id if by_mentor else sender,
            submission_id=submission,
            number=number,
            folio="".join(chance.choices(FOLIO_LETTERS, k=8)),
            text="Aquí va nuestra tarea." if brief.text_label else "",
            link="",
            attachment_ids=attachments,
            handed_in_at=handed_in,
        )
        last = number == numbers[-1]
        if state in (SubmissionState.ACCEPTED, SubmissionState.RETURNED):
            accepted = state is SubmissionState.ACCEPTED and last
            review = _review(world, case, brief, submission, number, handed_in, accepted)
            if not accepted and attachments:
                _mark(world, review, attachments[0])


def _state(chance: Any, case: Any, is_now: bool) -> SubmissionState:
    draw = chance.random()
    if is_now and case.is_at_work:
        if draw < 0.45:
            return SubmissionState.HANDED_IN
        return SubmissionState.DRAFT if draw < 0.55 else SubmissionState.ACCEPTED
    return SubmissionState.RETURNED if draw > 0.93 else SubmissionState.ACCEPTED


def _attach(world: Any, case: Any, brief: Any, submission: int, at: datetime, *, dark: bool) -> list[int]:
    pictures = world.pictures[case.plan.sector]
    keys = []
    for number, slot in enumerate(brief.slots):
        photo, small = pictures[3] if dark and number == 0 else pictures[(submission + number) % 3]
        keys.append(
            world.rows.add(
                Attachment,
                **case.common,
                user_id=world.chance.choice(case.people),
                submission_id=submission,
                slot=slot["key"],
                original_name=f"{slot['key']}.jpg",
                media_type="image/webp",
                size=photo.size,
                sha256=photo.sha256,
                storage_key=photo.key,
                thumbnail_key=small.key,
                uploaded_at=at - timedelta(minutes=20),
            )
        )
    return keys


def _review(
    world: Any, case: Any, brief: Any, submission: int, number: int, at: datetime, accepted: bool
) -> int:
    floor = 2 if accepted else 0
    at_most = world.now - timedelta(minutes=1)
    return world.rows.add(
        Review,
        **case.common,
        submission_id=submission,
        version_number=number,
        grader_id=world.chance.choice(case.trainers),
        outcome=Outcome.ACCEPTED if accepted else Outcome.RETURNED,
        levels={row["criterion"]: world.chance.randint(floor, floor + 1) for row in brief.rubric},
        feedback=_feedback(world, brief, accepted),
        reviewed_at=min(at + timedelta(hours=world.chance.randint(4, 60)), at_most),
    )


def _feedback(world: Any, brief: Any, accepted: bool) -> str:
    """In the words that the course gives reviewers of this task: its list praises first and corrects at the
    end."""
    lines = brief.checklist
    praise, more = lines[0], world.chance.choice(lines[1:3])
    wrong = next((line for line in reversed(lines) if line.startswith(("Falta", "Revisa"))), lines[-1])
    return f"¡Muy bien! {praise} {more}" if accepted else f"{praise} {wrong} Mándala otra vez."


def _mark(world: Any, review: int, attachment: int) -> None:
    """A remark on the photo that was sent back, where its light is wrong."""
    words = "Aquí falta luz: acércate a la ventana."
    world.rows.add(ReviewPin, review_id=review, attachment_id=attachment, x=3000, y=3300, text=words)
