"""A firm that connects its marketplace and reads its sales there, step by step."""

import json
from datetime import date

from sqlalchemy import select

from lms.accounts.models import Membership, MembershipKind
from lms.foundation.db import db
from lms.foundation.jobs import run_due
from lms.sales import services
from lms.sales.connections import leave
from lms.sales.models import (
    Channel,
    SalesConnection,
    SalesUpload,
)
from tests import pages

SEP = date(2026, 9, 1)
ML, AMAZON = Channel.MERCADO_LIBRE, Channel.AMAZON
BACK = "/sales/connections/return"


def one() -> SalesConnection:
    db.session.expire_all()
    return db.session.scalars(select(SalesConnection).order_by(SalesConnection.id.desc())).first()


def begun() -> SalesUpload:
    db.session.expire_all()
    return db.session.scalars(select(SalesUpload).order_by(SalesUpload.id.desc())).first()


def do_jobs() -> None:
    db.session.commit()
    run_due()
    db.session.expire_all()


def ask(at_phone, channel: Channel = ML) -> pages.Page:
    page = at_phone.get("/sales/connections")
    form = page.form_with(set(), f"Conectar {'Amazon' if channel is AMAZON else 'Mercado Libre'}")
    return at_phone.follow(at_phone.post("/sales/connections", pages.values(form)))


def state_of(connection: SalesConnection) -> str:
    return json.loads(leave.sealing.unseal(connection.sealed, of=leave._place(connection)))["state"]


def connect(at_phone, channel: Channel = ML) -> SalesConnection:
    ask(at_phone, channel)
    code = "spapi_oauth_code=CODE-1&selling_partner_id=A1" if channel is AMAZON else "code=CODE-1"
    page = at_phone.get(f"{BACK}?{code}&state={state_of(one())}")
    at_phone.send(page, BACK, "Conectar")
    do_jobs()
    return one()


def path_of(connection: SalesConnection) -> str:
    return f"/sales/connections/{connection.id}"


def read(at_phone, since: str = "2026-08", **fields) -> pages.Page:
    return at_phone.submit(path_of(one()), "Ver qué cambiaría", since=since, **fields)


def do_all_jobs() -> SalesUpload:
    for _month in range(40):
        do_jobs()
    return begun()


def gross(cast, month: date = SEP, channel: Channel = ML):
    figure = services.figures_of_month(cast.firm.id, month).get(channel)
    return figure and figure.gross


def as_digital_lead(cast, browser, there):
    place = db.session.scalars(select(Membership).filter_by(user_id=cast.son.id)).one()
    place.kind = MembershipKind.DIGITAL_LEAD
    db.session.commit()
    return connect(browser(cast.son))
