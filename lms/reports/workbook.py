"""The report as a workbook: what was found, the firms with their totals as formulas, charts, definitions.

Texts are written as texts: nothing that a firm is called can become a formula or a link.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from lms.foundation.i18n import gettext as _
from lms.reports import columns, sentences, volume_words
from lms.reports.columns import Named
from lms.reports.definitions import definitions
from lms.reports.effect import FEWEST_FOR_STATISTICS
from lms.reports.pictures import passed, window_words

Document = Mapping[str, Any]
SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
BEFORE, AFTER, RATIO = 4, 5, 6
LETTER = 1
# Room for heads of two or three lines: not every program makes it by itself.
HEAD_HEIGHT, LINE_HEIGHT = 45, 15
SUMMARY_WIDTH, NOTES_WIDTH = 110, 100


def workbook(document: Document, firms: Mapping[int, Named]) -> bytes:
    """The whole file."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, SAFE)
    styles = {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "name": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "money": book.add_format({"num_format": "$#,##0.00"}),
        "percent": book.add_format({"num_format": "+0.0%;-0.0%;0%"}),
        "share": book.add_format({"num_format": "0.0%"}),
        "ratio": book.add_format({"num_format": "0.0000"}),
        "total": book.add_format({"bold": True, "top": 1, "num_format": "$#,##0.00"}),
        "total_ratio": book.add_format({"bold": True, "top": 1, "num_format": "0.0000"}),
        "bold": book.add_format({"bold": True, "top": 1}),
    }
    _summary(book, styles, document)
    _windows(book, styles, document)
    _firms(book, styles, document, firms)
    _volumes(book, styles, document)
    _events(book, styles, document)
    _months(book, styles, document)
    _notes(book, styles, document)
    for sheet in book.worksheets():
        # On paper each sheet is as wide as a page, and every page has the heads.
        sheet.set_landscape()
        sheet.set_paper(LETTER)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&R&P / &N")
    book.close()
    return buffer.getvalue()


def _summary(book, styles, document: Document) -> None:
    sheet = book.add_worksheet(_("Summary"))
    sheet.set_column(0, 0, SUMMARY_WIDTH, styles["text"])
    sheet.write_string(0, 0, document["about"]["programme"], styles["title"])
    lines = [*sentences.heading(document), "", *sentences.findings(document)]
    for at, text in enumerate(lines, 2):
        sheet.set_row(at, _height(text, SUMMARY_WIDTH))
        sheet.write_string(at, 0, text, styles["text"])


def _height(text: str, width: int) -> float:
    """Of a row whose text wraps in a column so many letters wide: not every program makes room for it."""
    return LINE_HEIGHT * max(1, -(-len(text) // width))


def _table(sheet, styles, head: Sequence[str]) -> None:
    sheet.set_row(0, HEAD_HEIGHT)
    sheet.repeat_rows(0)
    for at, name in enumerate(head):
        sheet.write_string(0, at, name, styles["head"])


def _windows(book, styles, document: Document) -> None:
    name = _("Windows")
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 9, 14)
    heads = [_("Window"), _("Firms"), _("Median change"), _("Typical change"), _("From"), _("To")]
    heads += [_("Rose"), _("The same"), _("Fell"), _("Difference against comparison")]
    _table(sheet, styles, heads)
    rows = [(window_words(key), one["program"], one["difference"]) for key, one in passed(document)]
    rows.append((_("Graduates"), document["graduates"], None))
    if document["real"]["change"]:
        rows.append((_("Real pesos"), document["real"]["change"], None))
    for at, (label, change, difference) in enumerate(rows, 1):
        found, counts = change["hodges_lehmann"] or {}, change["directions"] or {}
        did = difference["difference_in_differences"]["ratio"] if difference else None
        sheet.write_string(at, 0, label)
        sheet.write_number(at, 1, change["flow"]["measured"])
        changes = [change["median_ratio"], found.get("ratio"), found.get("low"), found.get("high")]
        for column, ratio in enumerate(changes, 2):
            _percent(sheet, styles, at, column, ratio)
        for column, key in enumerate(("rose", "same", "fell"), 6):
            if key in counts:
                sheet.write_number(at, column, counts[key])
        _percent(sheet, styles, at, 9, did)
    chart = book.add_chart({"type": "column"})
    last = len(rows)
    chart.add_series(
        {"name": [name, 0, 2], "categories": [name, 1, 0, last, 0], "values": [name, 1, 2, last, 2]}
    )
    chart.set_title({"name": _("Median change in each window")})
    chart.set_legend({"none": True})
    chart.set_y_axis({"num_format": "0%"})
    sheet.insert_chart(last + 2, 0, chart, {"x_scale": 1.6, "description": _("Median change in each window")})


def _percent(sheet, styles, row: int, column: int, ratio: float | None) -> None:
    if ratio is not None:
        sheet.write_number(row, column, ratio - 1, styles["percent"])


def _firms(book, styles, document: Document, firms: Mapping[int, Named]) -> None:
    sheet = book.add_worksheet(_("Firms"))
    heads = [column.title for column in columns.columns()]
    _table(sheet, styles, heads)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, len(heads) - 1, 12)
    sheet.set_column(RATIO - 2, RATIO - 1, 15)
    formats = {BEFORE: styles["money"], AFTER: styles["money"], RATIO: styles["ratio"]}
    last = 0
    for last, row in enumerate(document["firms"], 1):
        for at, value in enumerate(columns.cells(row, firms.get(row["enrolment"]))):
            if isinstance(value, bool | int | float):
                sheet.write_number(last, at, value, formats.get(at))
            elif value:
                sheet.write_string(last, at, value)
    if last:
        sheet.autofilter(0, 0, last, len(heads) - 1)
        _totals(sheet, styles, document, last)


def _totals(sheet, styles, document: Document, last: int) -> None:
    """Sums of the firms that have a change, as formulas over the rows above; the values are there already.

    Of fewer than five firms no page says a sum, and neither does the workbook.
    """
    measured = [row for row in document["firms"] if row["ratio"] is not None]
    if len(measured) < FEWEST_FOR_STATISTICS:
        return
    sums = [sum(row[side] for row in measured) for side in ("before", "after")]
    at = last + 1
    ratios = f"G2:G{last + 1}"
    sheet.write_string(at, 0, _("Firms with a change, together"), styles["bold"])
    for column, (letter, total) in enumerate(zip("EF", sums, strict=True), BEFORE):
        formula = f'=SUMIF({ratios},">=0",{letter}2:{letter}{last + 1})'
        sheet.write_formula(at, column, formula, styles["total"], round(total, 2))
    ratio = sums[1] / sums[0] if sums[0] else 0
    sheet.write_formula(at, RATIO, f"=IF(E{at + 1}=0,0,F{at + 1}/E{at + 1})", styles["total_ratio"], ratio)
    sheet.write_string(at + 1, 0, _("How many"), styles["bold"])
    sheet.write_formula(at + 1, RATIO, f"=COUNT({ratios})", None, len(measured))


def _volumes(book, styles, document: Document) -> None:
    if not document.get("volumes"):
        return
    sheet = book.add_worksheet(_("Orders and online"))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 6, 14)
    head, rows = volume_words.table(document)
    _table(sheet, styles, head)
    for at, (name, *values) in enumerate(rows, 1):
        sheet.write_string(at, 0, name)
        for column, value in enumerate(values, 1):
            if value is not None:
                sheet.write_number(at, column, value, styles["ratio"] if isinstance(value, float) else None)


def _events(book, styles, document: Document) -> None:
    study = document["event_study"]
    if not study:
        return
    name = _("Month by month")
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 5, 18)
    _table(
        sheet,
        styles,
        [
            _("Month from the start"),
            _("Difference"),
            _("From"),
            _("To"),
            _("Programme firms"),
            _("Comparison firms"),
        ],
    )
    last = 0
    for last, one in enumerate(study["months"], 1):
        edges = one["clustered"]
        sheet.write_number(last, 0, one["month"])
        for column, ratio in enumerate((one["ratio"], edges["ratio_low"], edges["ratio_high"]), 1):
            _percent(sheet, styles, last, column, ratio)
        for column, count in enumerate(one["n"], 4):
            sheet.write_number(last, column, count)
    chart = book.add_chart({"type": "line"})
    for column in (1, 2, 3):
        dashed = {"line": {"dash_type": "dash", "width": 1}} if column > 1 else {"marker": {"type": "circle"}}
        chart.add_series(
            {
                "name": [name, 0, column],
                "categories": [name, 1, 0, last, 0],
                "values": [name, 1, column, last, column],
                **dashed,
            }
        )
    title = _("Difference against the comparison firms, month by month")
    chart.set_title({"name": title})
    chart.set_y_axis({"num_format": "0%"})
    sheet.insert_chart(last + 2, 0, chart, {"x_scale": 1.6, "y_scale": 1.3, "description": title})


def _months(book, styles, document: Document) -> None:
    name = _("Known months")
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 3, 18)
    _table(sheet, styles, [_("Month before or after the course"), _("Known"), _("Firms"), _("Share")])
    last = 0
    for last, one in enumerate(document["completeness"], 1):
        sheet.write_number(last, 0, one["month"])
        sheet.write_number(last, 1, one["known"])
        sheet.write_number(last, 2, one["firms"])
        share = one["known"] / one["firms"] if one["firms"] else 0
        sheet.write_formula(last, 3, f"=IF(C{last + 1}=0,0,B{last + 1}/C{last + 1})", styles["share"], share)
    if last:
        chart = book.add_chart({"type": "column"})
        chart.add_series({"categories": [name, 1, 0, last, 0], "values": [name, 1, 3, last, 3]})
        title = _("Share of firms whose sales are known")
        chart.set_title({"name": title})
        chart.set_legend({"none": True})
        chart.set_y_axis({"num_format": "0%", "min": 0, "max": 1})
        sheet.insert_chart(last + 2, 0, chart, {"x_scale": 1.4, "description": title})


def _notes(book, styles, document: Document) -> None:
    sheet = book.add_worksheet(_("Notes"))
    sheet.set_column(0, 0, 34, styles["text"])
    sheet.set_column(1, 1, NOTES_WIDTH, styles["text"])
    rows = [*definitions(), *((one.title, one.meaning) for one in columns.columns())]
    rows += [(one["month"], f"{one['value']} ({one['source']})") for one in document["real"]["index"]]
    for at, (word, meaning) in enumerate(rows):
        sheet.set_row(at, _height(meaning, NOTES_WIDTH))
        sheet.write_string(at, 0, word, styles["name"])
        sheet.write_string(at, 1, meaning, styles["text"])
