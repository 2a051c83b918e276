"""The clients of marketplaces, without the house, against a marketplace on this machine."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from lms.sales.connections import mercado_libre, wire
from lms.sales.connections.amazon import Amazon
from lms.sales.connections.marketplaces import App, Asked, Tokens
from lms.sales.connections.mercado_libre import MercadoLibre
from lms.sales.connections.windows import window_of
from lms.sales.connections.wire import Failed, Fault, ask
from lms.sales.importers.canonical import MILLION, LeftOut, Noted, canonical_rows
from tests.sales.marketplace_server import METRICS, ORDERS, TOKEN, marketplace, order

SEP = date(2026, 9, 1)
ZONE = "America/Mexico_City"
TOKENS = Tokens(access="APP_USR-1", refresh="TG-1", lasts=21600, account="8035443")


@pytest.fixture
def there():
    with marketplace() as script:
        yield script


@pytest.fixture
def app_of(there):
    return App(
        client_id="123", client_secret="client-secret", sign_in=f"{there.address}/authorization",
        token=there.address + TOKEN, api=there.address, marketplace="A1AM78C64UM0Y8",
        application_id="amzn1.x",
    )  # fmt: skip


def read(marketplace, app, month=SEP, zone=ZONE, vat=""):
    batch = marketplace.new_batch(vat)
    marketplace.read_month(app, TOKENS, Asked(month=month, zone=zone, vat=vat), batch)
    return batch


# The wire


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (429, Fault.BUSY), (500, Fault.BUSY), (503, Fault.BUSY), (401, Fault.NOT_ALLOWED),
        (403, Fault.NOT_ALLOWED), (400, Fault.REFUSED), (404, Fault.REFUSED), (204, Fault.REFUSED),
    ],
)  # fmt: skip
def test_every_status_has_its_fault(there, status, fault):
    there.answer_next("/x", status, b"" if status == 204 else {"error": "invalid_grant"})
    with pytest.raises(Failed) as failed:
        ask(f"{there.address}/x")
    assert failed.value.fault is fault


def test_how_long_to_wait_is_read_and_bounded(there):
    for said, wait in (
        ("7", 7),
        ("99999", wire.LONGEST_WAIT),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("-1", None),
    ):
        there.answer_next("/x", 429, Retry_After=said)
        with pytest.raises(Failed) as failed:
            ask(f"{there.address}/x")
        assert failed.value.wait == wait


def test_a_redirect_is_never_followed(there):
    with marketplace() as elsewhere:
        there.answer_next("/x", 302, Location=f"{elsewhere.address}/steal")
        with pytest.raises(Failed) as failed:
            ask(f"{there.address}/x", headers={"Authorization": "Bearer secret"})
        assert failed.value.fault is Fault.MOVED and elsewhere.asked == []


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b'{"a": NaN}', b'{"a": Infinity}', b"\xff\xfe", b'{"a":', b"[" * 100_000, b"1" * 10_000],
)
def test_what_is_not_json_is_broken(there, content):
    there.answer_next("/x", 200, content)
    with pytest.raises(Failed) as failed:
        ask(f"{there.address}/x")
    assert failed.value.fault is Fault.BROKEN


def test_an_answer_without_end_is_cut_off(there):
    there.answer_next("/x", 200, b" " * (wire.LARGEST + 1))
    with pytest.raises(Failed) as failed:
        ask(f"{there.address}/x")
    assert failed.value.fault is Fault.TOO_LARGE


def test_who_drips_is_not_waited_for(there, monkeypatch):
    monkeypatch.setattr(wire, "DEADLINE", -1.0)
    there.answer_next("/x", 200, {})
    with pytest.raises(Failed) as failed:
        ask(f"{there.address}/x")
    assert failed.value.fault is Fault.UNREACHABLE


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1:1/x", "https://10.0.0.1/x", "https://169.254.169.254/latest", "https://[::1]/x",
        "http://8.8.8.8/x", "file:///etc/passwd", "ftp://127.0.0.1/x", "https://0.0.0.0/",
    ],
)  # fmt: skip
def test_addresses_inside_and_unencrypted_ones_are_refused(address):
    with pytest.raises(Failed) as failed:
        ask(address)
    assert failed.value.fault is Fault.MOVED


def test_nobody_there_is_unreachable(there):
    with pytest.raises(Failed) as failed:
        ask("http://127.0.0.1:1/x")
    assert failed.value.fault is Fault.UNREACHABLE


# Leave


def test_the_way_to_the_sign_in_page_proves_who_asked(app_of):
    said = parse_qs(
        urlsplit(MercadoLibre().sign_in_address(app_of, "https://x/back", "STATE", "V" * 43)).query
    )
    assert said["state"] == ["STATE"] and said["response_type"] == ["code"]
    assert said["code_challenge_method"] == ["S256"] and "V" * 43 not in str(said)
    amazon = parse_qs(urlsplit(Amazon().sign_in_address(app_of, "https://x/back", "STATE", "V")).query)
    assert amazon["application_id"] == ["amzn1.x"] and amazon["state"] == ["STATE"]


def test_the_challenge_is_that_of_the_rfc():
    from lms.sales.connections.marketplaces import challenge_of

    assert (
        challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )


def test_a_code_becomes_tokens_and_old_ones_new_ones(there, app_of):
    first = MercadoLibre().exchange(app_of, "CODE-1", "https://x/back", "VERIFIER", "")
    assert (first.access, first.refresh, first.account) == ("APP_USR-2", "TG-2", "8035443")
    assert there.asked[0][1]["code_verifier"] == "VERIFIER"
    second = MercadoLibre().refresh(app_of, first)
    assert (second.access, second.refresh, second.account) == ("APP_USR-3", "TG-3", "8035443")
    with pytest.raises(Failed) as failed:
        MercadoLibre().refresh(app_of, first)
    assert failed.value.said == "invalid_grant"


def test_a_token_that_is_not_rotated_is_kept(there, app_of):
    there.answer_next(TOKEN, 200, {"access_token": "Atza|x", "token_type": "bearer", "expires_in": 3600})
    tokens = Amazon().refresh(app_of, TOKENS)
    assert (tokens.access, tokens.refresh, tokens.account) == ("Atza|x", "TG-1", "8035443")


@pytest.mark.parametrize(
    "answer",
    [
        {}, [], {"access_token": 5, "expires_in": 5}, {"access_token": "a", "expires_in": "5"},
        {"access_token": "a\r\nX: y", "expires_in": 5, "refresh_token": "b"},
        {"access_token": "a", "expires_in": -1, "refresh_token": "b"},
        {"access_token": "a" * 5000, "expires_in": 5, "refresh_token": "b"},
        {"access_token": "a", "expires_in": 5, "refresh_token": "b"},
    ],
)  # fmt: skip
def test_tokens_that_are_none_are_refused(there, app_of, answer):
    there.answer_next(TOKEN, 200, answer)
    with pytest.raises(Failed) as failed:
        MercadoLibre().exchange(app_of, "CODE-1", "https://x/back", "VERIFIER", "")
    assert failed.value.fault is Fault.BROKEN


def test_secrets_do_not_show_in_what_may_be_printed(app_of):
    assert (
        "client-secret" not in repr(app_of) and "TG-1" not in repr(TOKENS) and "APP_USR" not in repr(TOKENS)
    )


# Orders of Mercado Libre


def test_a_month_is_its_orders_in_the_firms_zone(there, app_of):
    there.orders = [
        order(1, "2026-09-01T01:30:00.000-04:00", 100),  # 31 August, 23:30, in Mexico City
        order(2, "2026-09-01T02:30:00.000-04:00", 200.5),
        order(3, "2026-10-01T01:59:59.000-04:00", 30),  # still September
        order(4, "2026-10-01T02:00:00.000-04:00", 4000),  # the first moment of October
    ]
    batch = read(MercadoLibre(), app_of)
    (row,) = canonical_rows(batch)
    assert (row.month, row.gross, row.orders, row.units) == (SEP, 230.5, 2, 2) and row.fees is None
    assert {"order.date_created.from", "order.date_created.to", "seller"} <= set(there.queries(ORDERS)[0])
    assert there.queries(ORDERS)[0]["order.date_created.from"] == "2026-09-01T00:00:00.000-06:00"


def test_what_happened_to_an_order_decides(there, app_of):
    moment = "2026-09-10T12:00:00.000-04:00"
    there.orders = [
        order(1, moment, 100),
        order(2, moment, 20, "cancelled"),
        order(3, moment, 30, "payment_in_process"),
        order(4, moment, 40, "partially_refunded"),
        order(5, moment, 50, payments=[{"id": 1, "status": "refunded"}]),
        order(6, moment, 60, currency_id="USD"),
        order(7, moment, 70, "pending_cancel"),
        order(8, moment, 8, pack_id=77),
        order(9, moment, 9, pack_id=77),
    ]
    batch = read(MercadoLibre(), app_of)
    (row,) = canonical_rows(batch)
    assert (row.gross, row.cancelled, row.refunded, row.orders) == (227, 20, 50, 4)
    assert batch.left_out == {LeftOut.CANCELLED: 1, LeftOut.NOT_PAID: 1, LeftOut.OTHER_CURRENCY: 1}
    assert batch.noted[Noted.PARTIAL_REFUND] == 1 and batch.statuses == {"pending_cancel": 1}


def test_nothing_of_a_buyer_is_read(there, app_of):
    there.orders = [order(1, "2026-09-10T12:00:00.000-04:00", 100)]
    assert "SECRETO" not in repr(read(MercadoLibre(), app_of)).upper()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"total_amount": None}, LeftOut.NO_AMOUNT), ({"total_amount": "mucho"}, LeftOut.NO_AMOUNT),
        ({"total_amount": -5}, LeftOut.NO_AMOUNT), ({"total_amount": True}, LeftOut.NO_AMOUNT),
        ({"total_amount": 10**12}, LeftOut.NO_AMOUNT), ({"order_items": None}, LeftOut.NO_AMOUNT),
        ({"order_items": [{}]}, LeftOut.NO_AMOUNT), ({"currency_id": None}, LeftOut.NO_AMOUNT),
        ({"date_created": None}, LeftOut.NO_DATE), ({"id": None}, LeftOut.NO_ORDER),
        ({"id": True}, LeftOut.NO_ORDER),
    ],
)  # fmt: skip
def test_an_order_that_lacks_something_is_counted_and_left_out(there, app_of, change, reason):
    moment = "2026-09-10T12:00:00.000-04:00"
    there.orders = [order(1, moment, 100), order(2, moment, 5) | change]
    batch = read(MercadoLibre(), app_of)
    assert batch.left_out == {reason: 1} and [row.gross for row in canonical_rows(batch)] == [100]


def test_pages_are_turned_and_what_comes_twice_counts_once(there, app_of):
    there.orders = [order(number, "2026-09-10T12:00:00.000-04:00", 1) for number in range(120)]
    there.orders.insert(60, there.orders[10])
    batch = read(MercadoLibre(), app_of)
    assert [said["offset"] for said in there.queries(ORDERS)] == ["0", "50", "100"]
    assert canonical_rows(batch)[0].gross == 120 and batch.rows == 120


def test_more_orders_than_an_offset_reaches_are_asked_for_in_windows(there, app_of):
    start = window_of(SEP, ZONE)[0]
    there.orders = [
        order(number, (start + timedelta(seconds=200 * number)).isoformat(), 1) for number in range(10_050)
    ]
    batch = read(MercadoLibre(), app_of)
    assert canonical_rows(batch)[0].gross == 10_050
    assert max(int(said["offset"]) for said in there.queries(ORDERS)) < 10_000


@pytest.mark.parametrize(
    "answer",
    [
        {}, [], {"paging": {}, "results": []}, {"paging": {"total": "1"}, "results": []},
        {"paging": {"total": -1}, "results": []}, {"paging": {"total": 1}, "results": None},
        {"paging": {"total": 3}, "results": []},
    ],
)  # fmt: skip
def test_a_page_that_is_none_stops_the_month(there, app_of, answer):
    there.answer_next(ORDERS, 200, answer)
    with pytest.raises(Failed) as failed:
        read(MercadoLibre(), app_of)
    assert failed.value.fault is Fault.BROKEN


def test_a_total_without_end_is_not_believed(there, app_of):
    for _page in range(40):
        there.answer_next(ORDERS, 200, {"paging": {"total": 10**9}, "results": []})
    with pytest.raises(Failed) as failed:
        read(MercadoLibre(), app_of)
    assert failed.value.fault is Fault.BROKEN and len(there.queries(ORDERS)) < 30


def test_a_month_that_takes_too_long_is_left_for_later(there, app_of, monkeypatch):
    monkeypatch.setattr(mercado_libre, "LONGEST", -1.0)
    with pytest.raises(Failed) as failed:
        read(MercadoLibre(), app_of)
    assert failed.value.fault is Fault.BUSY and there.asked == []


# Totals of Amazon


def test_a_month_is_its_total(there, app_of):
    there.metrics = {"2026-09": ("1160.50", 3, 4)}
    (row,) = canonical_rows(read(Amazon(), app_of))
    assert (row.month, row.gross, row.net, row.orders, row.units) == (SEP, 1160.5, None, 3, 4)
    said = there.queries(METRICS)[0]
    assert said["interval"] == "2026-09-01T00:00-06:00--2026-10-01T00:00-06:00"
    assert said["granularityTimeZone"] == ZONE and said["marketplaceIds"] == "A1AM78C64UM0Y8"


def test_vat_is_added_where_the_totals_are_without(there, app_of):
    there.metrics = {"2026-09": ("100", 1, 1)}
    batch = read(Amazon(), app_of, vat="added")
    assert [(row.gross, row.net) for row in canonical_rows(batch)] == [(116, 100)]
    assert batch.noted[Noted.VAT_ADDED] and batch.noted[Noted.RETURNS_NOT_KNOWN]


def test_a_month_without_sales_is_zero_and_not_unknown(there, app_of):
    assert [row.gross for row in canonical_rows(read(Amazon(), app_of))] == [0]


def documented(**more):
    """A metric as the vendor's examples have it (averages and totals as texts)."""
    money = {"amount": "22.95", "currencyCode": "MXN"}
    return {
        "interval": "2026-09-01T00:00-06:00--2026-10-01T00:00-06:00", "unitCount": 1, "orderItemCount": 1,
        "orderCount": 1, "averageUnitPrice": money, "totalSales": money,
    } | more  # fmt: skip


def test_the_documented_answer_is_read(there, app_of):
    there.answer_next(METRICS, 200, {"payload": [documented()]})
    batch = read(Amazon(), app_of)
    assert [entry.gross for entry in batch.entries.values()] == [2_295 * MILLION // 100]


def test_another_currency_is_left_out(there, app_of):
    there.answer_next(
        METRICS, 200, {"payload": [documented(totalSales={"amount": "5", "currencyCode": "USD"})]}
    )
    batch = read(Amazon(), app_of)
    assert not batch.entries and batch.left_out == {LeftOut.OTHER_CURRENCY: 1}


@pytest.mark.parametrize(
    "payload",
    [
        None, {}, [{}], [documented(interval="2018-05-01T00:00-07:00--2018-05-02T00:00-07:00")],
        [documented(totalSales=None)], [documented(orderCount="1")], [documented(unitCount=-1)],
        [documented(totalSales={"amount": None, "currencyCode": "MXN"})], [documented(), documented()],
    ],
)  # fmt: skip
def test_totals_that_are_none_stop_the_month(there, app_of, payload):
    there.answer_next(METRICS, 200, {"payload": payload})
    with pytest.raises(Failed) as failed:
        read(Amazon(), app_of)
    assert failed.value.fault is Fault.BROKEN
