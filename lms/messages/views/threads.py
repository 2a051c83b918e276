"""The conversation of a firm with its staff, and the list of them that staff look through."""

from flask import abort, g, redirect, render_template, request, url_for

from lms.cohorts.models import Enrolment
from lms.cohorts.services import current_enrolment
from lms.messages import services
from lms.messages.forms import MessageForm, ReadForm
from lms.messages.views import bp
from lms.permissions import Permission, Role
from lms.web.forms import show_form
from lms.web.guard import me, requires
from lms.web.templating import may

HIGHEST = 2**31 - 1


@bp.get("/messages")
@requires(Permission.SIGNED_IN)
def messages():
    if me().role is not Role.MEMBER:
        return _list()
    enrolment = current_enrolment(me().firm_id)
    if enrolment is None:
        return render_template("mentoring/no_course.html")
    return _show(enrolment, MessageForm())


def _list():
    everything = request.args.get("show") == "all" or me().role is Role.LEAD
    page = min(max(request.args.get("page", 1, type=int), 1), 1000)
    lines, more = services.threads_of(me(), everything=everything, page=page)
    return render_template(
        "messages/messages.html",
        lines=lines,
        more=more,
        page=page,
        everything=everything,
        cohorts=services.running_cohorts_of(me()),
    )


@bp.get("/enrolments/<int:enrolment_id>/messages")
@requires(Permission.READ_MESSAGES, of=Enrolment)
def thread(enrolment: Enrolment):
    return _show(enrolment, MessageForm())


@bp.post("/enrolments/<int:enrolment_id>/messages")
@requires(Permission.WRITE_MESSAGE, of=Enrolment)
def write_message(enrolment: Enrolment):
    form = MessageForm()
    if form.validate_on_submit():
        with form.catch_refusal():
            services.write(enrolment, form.text.data or "", by=me())
            return redirect(url_for(".thread", enrolment_id=enrolment.id, _anchor="newest"))
    return _show(enrolment, form)


def _show(enrolment: Enrolment, form: MessageForm | ReadForm):
    g.time_zone = enrolment.cohort.time_zone
    before = request.args.get("before", type=int)
    before = before if before and 0 < before <= HIGHEST else None
    found = services.thread(enrolment, me(), before)
    return show_form(
        "messages/thread.html",
        form,
        enrolment=enrolment,
        thread=found,
        before=before,
        can_write=may(Permission.WRITE_MESSAGE, enrolment),
        new_seen=lambda: ReadForm(formdata=None, up_to=found.newest_id),
        readers=services.readers_of(enrolment),
    )


@bp.post("/enrolments/<int:enrolment_id>/messages/read")
@requires(Permission.READ_MESSAGES, of=Enrolment)
def read_thread(enrolment: Enrolment):
    form = ReadForm()
    if not form.validate_on_submit():
        abort(400)
    services.read(enrolment, form.up_to.data, by=me())
    return redirect(url_for(".thread", enrolment_id=enrolment.id))


@bp.get("/enrolments/<int:enrolment_id>/messages/print")
@requires(Permission.READ_MESSAGES, of=Enrolment)
def print_thread(enrolment: Enrolment):
    g.time_zone = enrolment.cohort.time_zone
    return render_template(
        "messages/print_thread.html", enrolment=enrolment, messages=services.whole(enrolment)
    )
