"""Firms from a sheet (CSV): every problem named by row and column, nothing written before one says so."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from lms.accounts import services as accounts
from lms.accounts.models import MembershipKind, Sector
from lms.cohorts.catalogues import STATES
from lms.cohorts.models import Cohort
from lms.cohorts.services.intake import Checked, Problem, Register, check_firm, enrol, require_open
from lms.cohorts.shapes import FirmData
from lms.foundation.errors import Refused
from lms.foundation.i18n import gettext as _
from lms.foundation.tabular import Row, read_csv, write_csv

# The columns of the sheet and the field each fills. The words are those of the people who fill it in.
COLUMNS = {
    "nombre": "name",
    "rfc": "rfc",
    "giro": "sector",
    "estado": "state",
    "ciudad": "city",
    "persona": "person",
    "correo": "email",
    "puesto": "kind",
}
NEEDED = ("nombre", "giro", "estado", "persona", "correo")
COLUMN_OF = {fieldname: column for column, fieldname in COLUMNS.items()}
MOST_ROWS = 500
MOST_BYTES = 300_000

EXAMPLE = (
    ("Textiles La Aguja", "EKU9003173C9", "moda", "Puebla", "San Martín Texmelucan", "Lucía Paredes",
     "lucia@example.org", "dueña"),
    ("Calzado Dos Pasos", "", "calzado", "Guanajuato", "León", "Hugo Lara", "hugo@example.org",
     "responsable digital"),
    ("Muebles El Encino", "", "muebles", "Jalisco", "Ocotlán", "Marta Ruiz", "marta@example.org", "dueña"),
)  # fmt: skip

_SECTORS = {
    "moda": Sector.FASHION, "ropa": Sector.FASHION, "textil": Sector.FASHION, "fashion": Sector.FASHION,
    "calzado": Sector.FOOTWEAR, "zapatos": Sector.FOOTWEAR, "footwear": Sector.FOOTWEAR,
    "muebles": Sector.FURNITURE, "mueble": Sector.FURNITURE, "hogar": Sector.FURNITURE,
    "furniture": Sector.FURNITURE,
}  # fmt: skip

_KINDS = {
    "": MembershipKind.OWNER, "duena": MembershipKind.OWNER, "dueno": MembershipKind.OWNER,
    "propietaria": MembershipKind.OWNER, "propietario": MembershipKind.OWNER, "titular": MembershipKind.OWNER,
    "owner": MembershipKind.OWNER, "responsable digital": MembershipKind.DIGITAL_LEAD,
    "digital": MembershipKind.DIGITAL_LEAD, "encargada": MembershipKind.DIGITAL_LEAD,
    "encargado": MembershipKind.DIGITAL_LEAD, "personal": MembershipKind.STAFF,
    "empleada": MembershipKind.STAFF,
    "empleado": MembershipKind.STAFF, "staff": MembershipKind.STAFF,
}  # fmt: skip


@dataclass(frozen=True)
class CheckedRow:
    """One row of the sheet: its line in the file, what was written, and what came of checking it."""

    line: int
    cells: Mapping[str, str]
    checked: Checked

    @property
    def problems(self) -> list[Problem]:
        return self.checked.problems


@dataclass(frozen=True)
class CheckedSheet:
    rows: list[CheckedRow]

    @property
    def good(self) -> list[CheckedRow]:
        return [row for row in self.rows if not row.problems]

    @property
    def bad(self) -> list[CheckedRow]:
        return [row for row in self.rows if row.problems]

    @property
    def doubtful(self) -> list[CheckedRow]:
        return [row for row in self.good if row.checked.warnings]


def example_sheet() -> bytes:
    return write_csv(list(COLUMNS), EXAMPLE)


def check_sheet(cohort: Cohort, content: bytes) -> CheckedSheet:
    """Read a sheet and look at every row, against the house and against the rows above it. Writes nothing."""
    require_open(cohort)
    rows = _read(content)
    all_data = [_understand(row.cells) for row in rows]
    register = Register(cohort, all_data)
    seen: dict[tuple[str, str], int] = {}
    checked_rows = []
    for row, data in zip(rows, all_data, strict=True):
        checked = check_firm(data, register)
        _suggest(checked, row.cells)
        _check_twins(checked, seen, row.line)
        checked_rows.append(CheckedRow(row.line, row.cells, checked))
    return CheckedSheet(checked_rows)


def import_sheet(cohort: Cohort, content: bytes, *, by: Any) -> int:
    """Invite the firms of the rows without problems; they are all checked again. Gives their number."""
    good = check_sheet(cohort, content).good
    if not good:
        raise Refused(_("No row of this file can be imported. Correct it and upload it again."))
    for row in good:
        enrol(cohort, row.checked, by=by)
    return len(good)


def _read(content: bytes) -> list[Row]:
    if len(content) > MOST_BYTES:
        raise Refused(_("This file is too large. Upload %(most)s rows at most.", most=MOST_ROWS))
    if content.startswith(b"PK") or b"\x00" in content[:100]:
        raise Refused(_("This is not a CSV file. In Excel choose “Save as” and then “CSV UTF-8”."))
    rows = list(read_csv(content))
    if not rows:
        raise Refused(_("The file has no rows below its headings."))
    missing = [column for column in NEEDED if column not in rows[0].cells]
    if missing:
        raise Refused(
            _("These columns are missing: %(names)s. Use the example file.", names=", ".join(missing))
        )
    if len(rows) > MOST_ROWS:
        raise Refused(_("This file is too large. Upload %(most)s rows at most.", most=MOST_ROWS))
    return rows


def _understand(cells: Mapping[str, str]) -> FirmData:
    # A quote before =, + or - was put there by a spreadsheet, or by our own example.
    said = {fieldname: cells.get(column, "").removeprefix("'") for column, fieldname in COLUMNS.items()}
    return FirmData(
        name=" ".join(said["name"].split()),
        rfc=said["rfc"],
        sector=_SECTORS.get(_plain(said["sector"])),
        state=find_state(said["state"]),
        city=said["city"],
        person=" ".join(said["person"].split()),
        email=said["email"],
        kind=_KINDS.get(_plain(said["kind"])),
    )


def find_state(text: str) -> str | None:
    """The code of a state from its code or its name, with or without accents."""
    wanted = _plain(text)
    if wanted.upper() in STATES:
        return wanted.upper()
    return _STATE_NAMES.get(wanted)


def _suggest(checked: Checked, cells: Mapping[str, str]) -> None:
    """Name the state that was probably meant."""
    near = get_close_matches(_plain(cells.get("estado", "")), _STATE_NAMES, n=1, cutoff=0.75)
    for place, problem in enumerate(checked.problems):
        if problem.column == "state" and near:
            meant = STATES[_STATE_NAMES[near[0]]]
            text = _(
                "“%(written)s” is not a state. Did you mean %(meant)s?", written=cells["estado"], meant=meant
            )
            checked.problems[place] = Problem("state", text)


def _check_twins(checked: Checked, seen: dict[tuple[str, str], int], line: int) -> None:
    """The same RFC or address in an earlier row of this file."""
    number = checked.rfc.number if checked.rfc else ""
    for column, value in (("rfc", number), ("email", accounts.clean_email(checked.data.email))):
        if value and seen.setdefault((column, value), line) != line:
            first = seen[column, value]
            checked.problems.append(
                Problem(column, _("The same is written in row %(line)s. Leave only one.", line=first))
            )


def _plain(text: str) -> str:
    """Lower case, no accents, single blanks: how words are compared."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in bare if not unicodedata.combining(letter)).split())


_STATE_NAMES = {_plain(name): code for code, name in STATES.items()} | {
    "cdmx": "CMX",
    "distrito federal": "CMX",
    "mexico": "MEX",
    "edomex": "MEX",
    "coahuila de zaragoza": "COA",
    "michoacan de ocampo": "MIC",
    "veracruz de ignacio de la llave": "VER",
}
