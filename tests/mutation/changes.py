"""One change of one cell, row, header or column, as a slip of a hand or of a tool would make it."""

import csv
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl

Grid = list[list[object]]
Edit = Callable[[Grid], object]


@dataclass(frozen=True)
class Change:
    """What is changed in which file; `kind` is what such changes have in common."""

    kind: str
    path: str
    words: str
    edit: Edit

    def apply(self, root: Path) -> None:
        """Make the change in the copy below `root`."""
        path = root / self.path
        if path.suffix == ".csv":
            text = path.read_text("utf-8-sig")
            mark = ";" if text.partition("\n")[0].count(";") > 1 else ","
            rows = list(csv.reader(text.splitlines(keepends=True), delimiter=mark))
            self.edit(rows)
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, delimiter=mark, lineterminator="\n").writerows(rows)
            return
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        width = len(rows[0])
        self.edit(rows)
        sheet.delete_rows(1, sheet.max_row)
        for row in rows:
            sheet.append(row[:width])
            for cell in sheet[sheet.max_row]:
                if cell.data_type == "f":
                    # A text that begins with "=" stays a text.
                    cell.data_type = "s"
        book.save(path)


def list_changes(root: Path, count: int, seed: int) -> Iterator[Change]:
    """Yield so many changes, two thirds of the codebook and a third of the exports."""
    chance = random.Random(seed)
    tables = _read_codebook(root)
    # Files of thousands of rows are not looked at for their length.
    weights = [min(len(rows), 150) for rows in tables.values()]
    exports = _read_exports(root)
    for _ in range(count):
        if chance.random() < 2 / 3:
            (path,) = chance.choices(list(tables), weights)
            yield _change_codebook(chance, path, tables[path])
        else:
            path = chance.choice(list(exports))
            yield _change_export(chance, path, *exports[path])


def _read_codebook(root: Path) -> dict[str, Grid]:
    tables = {}
    for path in sorted((root / "seeds").rglob("*.csv")):
        rows: Grid = [list(row) for row in csv.reader(path.open(encoding="utf-8", newline=""))]
        if len(rows) > 2:
            tables[path.relative_to(root).as_posix()] = rows
    return tables


def _read_exports(root: Path) -> dict[str, tuple[Grid, int]]:
    exports = {}
    with (root / "seeds/codebook/editions.csv").open(encoding="utf-8") as file:
        for edition in csv.DictReader(file):
            path = root / "exports" / edition["source_file"]
            if path.suffix == ".csv":
                text = path.read_text(edition["encoding"])
                rows = list(csv.reader(text.splitlines(True), delimiter=edition["delimiter"]))
            else:
                sheet = openpyxl.load_workbook(path).worksheets[0]
                rows = [list(row) for row in sheet.iter_rows(values_only=True)]
            exports[path.relative_to(root).as_posix()] = rows, int(edition["header_row_count"])
    return exports


def _slip(chance: random.Random, text: str) -> str:
    """Return a text with two letters that changed places, or one that is doubled."""
    place = chance.randrange(len(text))
    pair = text[place : place + 2]
    return text[:place] + (pair[::-1] if pair != pair[::-1] else pair * 2) + text[place + 2 :]


def _put(row: int, column: int, value: object) -> Edit:
    return lambda rows: rows[row].__setitem__(column, value)


def _change_codebook(chance: random.Random, path: str, rows: Grid) -> Change:
    name = path.removeprefix("seeds/").removeprefix("codebook/").removesuffix(".csv")
    row = chance.randrange(1, len(rows))
    if chance.random() < 0.12:
        how = chance.choice(("removed", "doubled"))
        edit: Edit = (
            (lambda rows: rows.pop(row))
            if how == "removed"
            else (lambda rows: rows.insert(row, list(rows[row])))
        )
        return Change(f"{name}: row {how}", path, f"row {row + 1}: {rows[row]}", edit)
    filled = [n for n, cell in enumerate(rows[row]) if cell]
    column = chance.choice(filled)
    old = str(rows[row][column])
    others = sorted({str(other[column]) for other in rows[1:] if other[column] not in ("", old)})
    ways = ["slip", "blank", *["other"] * (2 if others else 0)]
    ways += ["number"] * old.lstrip("-").isdigit() + ["case"] * (old.swapcase() != old)
    way = chance.choice(ways)
    new = {
        "slip": lambda: _slip(chance, old),
        "blank": lambda: "",
        "other": lambda: chance.choice(others),
        "number": lambda: str(int(old) + chance.choice((-1, 1, 10))),
        "case": lambda: old.swapcase(),
    }[way]()
    words = f"row {row + 1}, {rows[0][column]}: {old!r} > {new!r}"
    return Change(f"{name}.{rows[0][column]}: {way}", path, words, _put(row, column, new))


def _change_export(chance: random.Random, path: str, rows: Grid, header_count: int) -> Change:
    width = len(rows[0])
    row = chance.randrange(header_count, len(rows))
    column = chance.randrange(width)
    header = str(rows[header_count - 1][column] or rows[0][column])[:40]
    way = chance.choice(
        [*["cell"] * 6, *["blank"] * 3, *["slip"] * 2, "below", "row removed", "row doubled",
         "header", "headers swapped", "column removed"]
    )  # fmt: skip
    if way in ("cell", "blank", "slip", "below"):
        places = [
            (n, m) for n in range(header_count, len(rows)) for m in range(width)
            if rows[n][m] not in (None, "")
        ]  # fmt: skip
        row, column = chance.choice(places)
        header = str(rows[header_count - 1][column] or rows[0][column])[:40]
        old = rows[row][column]
        others = sorted({str(other[column]) for other in rows[header_count:]
                         if other[column] not in (None, "", old)}) or ["?"]  # fmt: skip
        new = {
            "cell": lambda: chance.choice(others),
            "blank": lambda: None,
            "slip": lambda: _slip(chance, str(old)),
            "below": lambda: rows[min(row + 1, len(rows) - 1)][column],
        }[way]()
        words = f"row {row + 1}, {header}: {str(old)[:40]!r} > {str(new)[:40]!r}"
        return Change(f"export: {way}", path, words, _put(row, column, new))
    other = chance.randrange(width)
    edits: dict[str, Edit] = {
        "row removed": lambda rows: rows.pop(row),
        "row doubled": lambda rows: rows.insert(row, list(rows[row])),
        "header": _put(header_count - 1, column, _slip(chance, header)),
        "headers swapped": lambda rows: [
            _swap(rows[n], column, other) for n in range(header_count)
        ],
        "column removed": lambda rows: [cells.pop(column) for cells in rows],
    }
    place = f"row {row + 1}" if way.startswith("row") else f"column {column + 1}, {header}"
    return Change(f"export: {way}", path, place, edits[way])


def _swap(cells: list[object], one: int, other: int) -> None:
    cells[one], cells[other] = cells[other], cells[one]
