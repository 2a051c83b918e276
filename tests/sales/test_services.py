"""Figures, baselines, imports and milestones as rules, without pages."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from PIL import Image

from lms import events
from lms.foundation import storage
from lms.foundation.errors import Refused
from lms.sales import services
from lms.sales.models import Channel, Figure, Tier
from lms.sales.services import Report
from tests.sales.invoice import cfdi

AUG, SEP, OCT = (date(2026, month, 1) for month in (8, 9, 10))
SHOP, ONLINE, TRADE, ALL = Channel.COUNTER, Channel.MERCADO_LIBRE, Channel.WHOLESALE, Channel.OTHER


def photo() -> tuple[str, bytes]:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(buffer, "JPEG")
    return "libreta.jpg", buffer.getvalue()


def report(enrolment, by, month=SEP, file=None, **amounts):
    reports = {
        Channel(name): Report(None if amount is None else Decimal(amount)) for name, amount in amounts.items()
    }
    return services.report_month(enrolment, month, reports, by=by, file=file)


def figure(enrolment, channel=SHOP, month=SEP) -> Figure:
    return services.figures_of_month(enrolment.firm_id, month)[channel]


def total(enrolment, month=SEP):
    return services.monthly_totals([enrolment.firm_id]).get(enrolment.firm_id, {}).get(month)


# A month


def test_a_month_is_written_down_from_memory_or_with_a_photo(enrolment, cast, heard):
    report(enrolment, cast.owner, counter="29800", mercado_libre=None)
    assert (figure(enrolment).gross, figure(enrolment).tier) == (Decimal(29800), Tier.E_RECALL)
    assert figure(enrolment, ONLINE).gross is None
    report(enrolment, cast.son, file=photo(), counter="29800")
    backed = figure(enrolment)
    assert (backed.tier, backed.user_id) == (Tier.D_RECORD, cast.owner.id)
    assert next(storage.chunks(backed.evidence.storage_key)).startswith(b"RIFF")
    assert [one.what for one in backed.revisions] == ["declared", "evidence"]
    assert {type(one) for one in heard} == {events.SalesReported}


def test_every_change_is_kept_with_who_made_it(enrolment, cast):
    report(enrolment, cast.owner, counter="29800")
    report(enrolment, cast.son, counter="28900")
    report(enrolment, cast.son, counter="28900")
    changes = [(one.what, one.before, one.after, one.by_id) for one in figure(enrolment).revisions]
    assert changes == [
        ("declared", None, Decimal(29800), cast.owner.id),
        ("changed", Decimal(29800), Decimal(28900), cast.son.id),
    ]


def test_a_month_that_is_not_over_is_refused(enrolment, cast, stopped_clock):
    with pytest.raises(Refused):
        report(enrolment, cast.owner, month=OCT, counter="1")
    # In Mexico City it is still the thirtieth of October, whatever Greenwich says.
    stopped_clock(datetime(2026, 11, 1, 4, 0, tzinfo=UTC))
    with pytest.raises(Refused):
        report(enrolment, cast.owner, month=OCT, counter="1")
    stopped_clock(datetime(2026, 11, 1, 7, 0, tzinfo=UTC))
    assert report(enrolment, cast.owner, month=OCT, counter="1")


def test_months_more_than_a_year_before_the_course_are_refused(enrolment, cast):
    with pytest.raises(Refused):
        report(enrolment, cast.owner, month=date(2025, 8, 1), counter="1")
    assert report(enrolment, cast.owner, month=date(2025, 9, 1), counter="1")


def test_a_page_that_hides_cents_does_not_change_a_figure(enrolment, cast):
    report(enrolment, cast.owner, counter="3327.01")
    report(enrolment, cast.owner, counter="3327")
    assert figure(enrolment).gross == Decimal("3327.01")


# Totals


def test_a_total_with_an_unknown_channel_is_unknown(enrolment, cast):
    report(enrolment, cast.owner, counter="100", social="50")
    assert total(enrolment) == 150
    report(enrolment, cast.owner, mercado_libre=None)
    assert total(enrolment) is None
    assert services.known_part(services.figures_of_month(enrolment.firm_id, SEP).values()) == 150


def test_the_sum_of_all_invoices_is_never_added_to_the_channels(enrolment, cast):
    services.import_invoices(
        enrolment,
        ALL,
        [("a.xml", cfdi(total="5000.00", subtotal="4310.34"))],
        by=cast.owner,
        actor_id=cast.owner.id,
    )
    report(enrolment, cast.owner, counter="1200", mercado_libre=None)
    assert total(enrolment) == 5000
    report(enrolment, cast.owner, mercado_libre="6000")
    assert total(enrolment) == 7200
    assert total(enrolment) == services.total_of(services.figures_of_month(enrolment.firm_id, SEP).values())


def test_totals_of_many_firms_are_one_question(enrolment, cast, count_queries):
    report(enrolment, cast.owner, counter="100")
    report(cast.rival_enrolment, cast.rival, counter="70", month=AUG)
    ids = [cast.firm.id, cast.rival_firm.id, cast.outsider_firm.id]
    with count_queries() as queries:
        totals = services.monthly_totals(ids)
    assert totals == {cast.firm.id: {SEP: Decimal(100)}, cast.rival_firm.id: {AUG: Decimal(70)}}
    assert len(queries) == 1


def test_months_reported_are_those_since_the_start_with_an_amount(enrolment, cast):
    report(enrolment, cast.owner, month=AUG, counter="100")
    report(enrolment, cast.owner, counter=None)
    assert services.months_reported([enrolment.id]) == {}
    report(enrolment, cast.owner, counter="100")
    assert services.months_reported([enrolment.id, cast.rival_enrolment.id]) == {enrolment.id: [SEP]}


# Checking


def test_a_checked_figure_is_locked_until_somebody_unlocks_it_with_a_reason(enrolment, cast, heard):
    report(enrolment, cast.owner, counter="29800", social="100")
    locked = figure(enrolment)
    services.verify_figure(locked, seen=services.seen_mark([locked]), by=cast.trainer)
    report(enrolment, cast.owner, counter="29800", social="200")
    with pytest.raises(Refused, match="29,800"):
        report(enrolment, cast.owner, counter="30000")
    services.unlock_figure(locked, "La libreta dice otra cosa", by=cast.mentor)
    report(enrolment, cast.owner, counter="30000")
    changes = [(one.what, one.why) for one in figure(enrolment).revisions]
    assert changes == [
        ("declared", ""),
        ("verified", ""),
        ("unlocked", "La libreta dice otra cosa"),
        ("changed", ""),
    ]
    assert [type(one).__name__ for one in heard if "Figure" in type(one).__name__] == [
        "FigureVerified",
        "FigureUnlocked",
    ]


def test_nobody_checks_an_amount_that_they_did_not_see(enrolment, cast):
    report(enrolment, cast.owner, counter="29800")
    seen = services.seen_mark([figure(enrolment)])
    report(enrolment, cast.owner, counter="298000")
    with pytest.raises(Refused):
        services.verify_month(enrolment, SEP, seen=seen, by=cast.trainer)
    assert not figure(enrolment).is_locked


def test_nobody_checks_their_own_figures_and_unknown_ones_are_not_checked(enrolment, cast):
    report(enrolment, cast.owner, counter="1", social=None)
    all_of_month = list(services.figures_of_month(enrolment.firm_id, SEP).values())
    with pytest.raises(Refused):
        services.verify_figures(all_of_month, seen=services.seen_mark(all_of_month), by=cast.owner)
    assert services.verify_month(enrolment, SEP, seen=services.seen_mark(all_of_month), by=cast.trainer) == 1
    assert figure(enrolment).is_locked
    assert not figure(enrolment, Channel.SOCIAL).is_locked


# The starting point


def test_a_frozen_starting_point_sums_the_channels_and_does_not_change(enrolment, cast):
    services.save_baseline(enrolment, SHOP, {AUG: Decimal(100), date(2026, 7, 1): None}, by=cast.owner)
    services.save_baseline(enrolment, ONLINE, {AUG: Decimal("50.50")}, by=cast.son)
    baseline = services.freeze_baseline(enrolment, source_note="libreta", by=cast.owner)
    months = dict(services.months_of(baseline))
    assert len(months) == 12
    assert (months[AUG], months[date(2026, 7, 1)], months[date(2025, 9, 1)]) == (
        Decimal("150.50"),
        None,
        None,
    )
    with pytest.raises(Refused):
        services.save_baseline(enrolment, SHOP, {AUG: Decimal(1)}, by=cast.owner)
    with pytest.raises(Refused):
        report(enrolment, cast.owner, month=AUG, counter="1")
    with pytest.raises(Refused):
        services.freeze_baseline(enrolment, by=cast.owner)
    reached = services.milestones_of([enrolment.id])[enrolment.id]
    assert [(one.milestone.code, one.verified_at is not None) for one in reached] == [("M0", True)]


def test_only_months_before_the_start_belong_to_the_starting_point(enrolment, cast):
    with pytest.raises(Refused):
        services.save_baseline(enrolment, SHOP, {SEP: Decimal(1)}, by=cast.owner)


def test_nothing_known_freezes_nothing(enrolment, cast):
    services.save_baseline(enrolment, SHOP, {AUG: None}, by=cast.owner)
    with pytest.raises(Refused):
        services.freeze_baseline(enrolment, by=cast.owner)


def test_the_house_freezes_once_the_course_has_begun_and_the_firm_rests(enrolment, cast, stopped_clock):
    services.save_baseline(enrolment, SHOP, {AUG: Decimal(100)}, by=cast.owner)
    services.freeze_due_baselines()
    assert services.baseline_of(enrolment.id) is None
    stopped_clock(datetime(2026, 10, 16, 18, 0, tzinfo=UTC))
    services.freeze_due_baselines()
    services.freeze_due_baselines()
    assert services.baselines_of([enrolment.id, cast.rival_enrolment.id]).keys() == {enrolment.id}


def test_nothing_is_frozen_by_the_house_before_the_course_begins(enrolment, cast, stopped_clock):
    stopped_clock(datetime(2026, 9, 1, 18, 0, tzinfo=UTC))
    services.save_baseline(enrolment, SHOP, {AUG: Decimal(100)}, by=cast.owner)
    stopped_clock(datetime(2026, 9, 13, 18, 0, tzinfo=UTC))
    services.freeze_due_baselines()
    assert services.baseline_of(enrolment.id) is None


# Milestones


def test_figures_prove_the_first_sale_and_the_orders(enrolment, cast):
    services.report_month(enrolment, SEP, {ONLINE: Report(Decimal(900), 12)}, by=cast.owner)
    reached = services.milestones_of([enrolment.id])[enrolment.id]
    assert [(one.milestone.code, one.reached_on) for one in reached] == [
        ("M3", date(2026, 9, 30)),
        ("M4", date(2026, 9, 30)),
    ]
    assert not any(one.verified_at for one in reached)
    report(enrolment, cast.owner, mercado_libre="950")
    assert len(services.milestones_of([enrolment.id])[enrolment.id]) == 2


def test_a_claim_may_be_said_again_until_it_is_checked(enrolment, cast, heard):
    milestone = next(one for one in cast.version.milestones if one.code == "M1")
    claim = services.claim_milestone(enrolment, milestone, "Captura", by=cast.owner, reached_on=SEP)
    again = services.claim_milestone(enrolment, milestone, "Captura nueva", by=cast.son)
    assert (again.id, again.evidence, again.user_id) == (claim.id, "Captura nueva", cast.son.id)
    with pytest.raises(Refused):
        services.verify_milestone(claim, by=cast.son)
    services.verify_milestone(claim, by=cast.trainer)
    for late in (
        lambda: services.claim_milestone(enrolment, milestone, "Otra", by=cast.owner),
        lambda: services.verify_milestone(claim, by=cast.mentor),
    ):
        with pytest.raises(Refused):
            late()
    assert [type(one).__name__ for one in heard] == [
        "MilestoneClaimed",
        "MilestoneClaimed",
        "MilestoneVerified",
    ]


def test_a_firm_claims_only_milestones_of_its_own_course(enrolment, cast):
    by_code = {one.code: one for one in cast.version.milestones}
    assert services.claimable(enrolment, by_code["M1"].id) is by_code["M1"]
    assert services.claimable(enrolment, by_code["M0"].id) is None
    assert services.claimable(enrolment, cast.other_version.milestones[1].id) is None
    assert services.claimable(enrolment, 10**9) is None


def test_a_milestone_cannot_be_reached_tomorrow(enrolment, cast):
    milestone = next(one for one in cast.version.milestones if one.code == "M1")
    with pytest.raises(Refused):
        services.claim_milestone(
            enrolment, milestone, "Captura", by=cast.owner, reached_on=date(2026, 10, 15)
        )
