"""Captures counted from records: a row for each person, in a file that may hold very many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from estimators.evidence.capture_columns import Columns, known, names_of
from estimators.evidence.capture_source import MEMORY, MOST_TORN, Source, connection_to, source_of
from estimators.evidence.captures import Captures, Cell
from estimators.evidence.problems import EvidenceError, Problem, refuse

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST_GROUPS = 1_000_000  # cells: more, and a column of strata is none
_SHOWN = 3  # rows or persons that an error names
_ON = "('1', 'true', '1.0')"
_ANY = "('1', 'true', '1.0', '0', 'false', '0.0', '')"


def count_captures(
    path: str | Path,
    *,
    lists: Iterable[str],
    strata: str | Iterable[str] = (),
    replicate: str = "",
    person: str = "",
    censored: str | Iterable[str] = (),
    memory: str = MEMORY,
) -> Captures:
    """Return the captures of a file that has a row for each person, counted by DuckDB.

    The file is read in passes, never as a whole: what it needs in memory does not grow with its
    rows. Rows that errors name are counted as in a spreadsheet, the header being row 1 and empty
    lines left out; the first row of a Parquet file is 1.

    Parameters
    ----------
    path
        A comma-separated file in UTF-8 with a header row, or a Parquet file.
    lists
        The columns of lists, in their order: 1 or true where the person stands on it; 0, false or
        nothing where not.
    strata
        Columns of strata, such as sex and year. An empty cell and NA say that it is not known.
    replicate
        The column that tells imputation replicates apart; none if empty.
    person
        The column that names the person, so that nobody is counted twice; not checked if empty.
    censored
        Lists of which a person seen on no other may not belong to the population.
    memory
        What DuckDB may take, such as 2GB; what does not fit goes into a temporary folder.

    Returns
    -------
    Captures
        Named as the file, without its ending.

    Raises
    ------
    EvidenceError
        If columns are missing, values are none of a list, somebody stands on no list or twice in
        a replicate: how many rows, and the first of them.
    ValueError
        If the memory does not do.
    """
    path = Path(path)
    marks, levels = tuple(names_of(lists)), names_of(strata)
    columns = Columns(marks, levels, replicate, person, "person", names_of(censored))
    source = source_of(path)
    if problems := list(columns.problems(path.name, source.header)):
        raise EvidenceError(problems)
    with connection_to(path.name, memory) as connection:
        cells = _Counting(path.name, source, columns, connection).cells()
    return Captures(marks, cells, levels, frozenset(columns.censored), path.stem)


type _Group = tuple[int, int, bool, str, tuple[str, ...], int]


@dataclass(frozen=True)
class _Counting:
    """One file being counted: groups of equal rows, and from these the cells or the problems."""

    name: str
    source: Source
    columns: Columns
    connection: DuckDBPyConnection

    def cells(self) -> tuple[Cell, ...]:
        """Return the cells; raise EvidenceError with everything that is wrong with the rows."""
        groups = self._groups()
        if problems := [*self._torn()] or [*self._problems(groups)]:
            raise EvidenceError(problems)
        found: Counter[tuple[str, tuple[str, ...], int]] = Counter()
        for history, _, _, replicate, stratum, count in groups:
            found[replicate, tuple(map(known, stratum)), history] += count
        return tuple(Cell(key[2], found[key], key[1], key[0]) for key in sorted(found))

    def _groups(self) -> list[_Group]:
        """Return each kind of row: history, bits of wrong values, emptiness, place and count."""
        rows = self.connection.execute(self._query).fetchall()
        if len(rows) > MOST_GROUPS:
            wrong = f"it falls apart into more than {MOST_GROUPS:,} strata and histories."
            remedy = "Name strata of few values, such as a year, not a day or a person."
            raise refuse(self.name, wrong, remedy, "strata", ", ".join(self.columns.strata))
        return [(row[0], row[1], row[2], row[3], row[4:-1], row[-1]) for row in rows]

    @property
    def _query(self) -> str:
        """Return the SQL of the groups; rows are first put together as they stand.

        So text is looked at once for each kind of row, which takes a fraction of the time.
        """
        columns, source = self.columns, self.source
        replicate = source.text(columns.replicate) if columns.replicate else "''"
        empty = " OR ".join(map(self._is_empty, self._required)) or "false"
        read = dict.fromkeys((*columns.lists, *columns.strata, *filter(None, [columns.replicate])))
        raw = f"SELECT {', '.join(map(source.column, read))}, {empty} AS empty, count(*) AS rows"
        parts = [self._history, self._wrong, "empty", replicate, *map(source.text, columns.strata)]
        return (
            f"SELECT {', '.join(parts)}, sum(rows) FROM ({raw} FROM {source.plain} GROUP BY ALL) "
            f"GROUP BY ALL LIMIT {MOST_GROUPS + 1}"
        )

    @property
    def _history(self) -> str:
        return self._bits(_ON, "{bit}", "0")

    @property
    def _wrong(self) -> str:
        return self._bits(_ANY, "0", "{bit}")

    def _bits(self, values: str, inside: str, outside: str) -> str:
        text = self.source.text
        cases = (
            f"CASE WHEN lower({text(name)}) IN {values} THEN {inside} ELSE {outside} END"
            for name in self.columns.lists
        )
        made = " + ".join(case.format(bit=1 << place) for place, case in enumerate(cases))
        return f"({made})::BIGINT"

    def _is_empty(self, column: str) -> str:
        return f"{self.source.text(column)} = ''"

    def _torn(self) -> Iterator[Problem]:
        """Yield the lines that are no rows: with them nothing else is known for sure."""
        if not self.source.is_text:
            return
        found = self.connection.execute(
            "SELECT line, any_value(error_message), any_value(csv_line) FROM reject_errors "
            "GROUP BY line ORDER BY line"
        ).fetchall()
        for line, message, got in found[:_SHOWN]:
            remedy = "Mend it: a cell for each column, quotation marks closed, in UTF-8."
            yield Problem(f"{self.name} line {line}", f"it is no row ({message}).", remedy, "", got)
        if len(found) > _SHOWN:
            least = "at least " * (len(found) >= MOST_TORN)
            wrong = f"further lines are no rows: {least}{len(found) - _SHOWN:,}."
            yield Problem(self.name, wrong, "Write the file anew.")

    def _problems(self, groups: Sequence[_Group]) -> Iterator[Problem]:
        """Yield what is wrong with rows; where nothing is, only persons are looked up."""
        if any(not history or wrong or is_empty for history, wrong, is_empty, *_ in groups):
            for place, name in enumerate(self.columns.lists):
                if any(wrong >> place & 1 for _, wrong, *_ in groups):
                    yield from self._problem_of_list(name)
            yield from self._problem_of_nobody()
            for column in self._required:
                empty = self._is_empty(column)
                remedy = "Write which it is, in each row."
                yield from self._problem(empty, "''", "it is empty in", remedy, column)
        if self.columns.other:
            yield from self._problem_of_persons()

    @property
    def _required(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.columns.replicate, self.columns.other)))

    def _problem_of_list(self, name: str) -> Iterator[Problem]:
        value = self.source.text(name)
        condition = f"lower({value}) NOT IN {_ANY}"
        remedy = "Write 1 or true where they stand on the list, else 0, false or nothing."
        yield from self._problem(condition, value, "neither yes nor no in", remedy, name)

    def _problem_of_nobody(self) -> Iterator[Problem]:
        condition = f"{self._history} = 0 AND {self._wrong} = 0"
        remedy = "Take them out: how many stand on no list is what is to be estimated."
        yield from self._problem(condition, "''", "persons on no list in", remedy)

    def _problem(
        self, condition: str, value: str, wrong: str, remedy: str, column: str = ""
    ) -> Iterator[Problem]:
        """Yield the problem of the rows that meet a condition: how many, and the first of them."""
        found = self.connection.execute(
            f"SELECT count(*), min(line, {_SHOWN}), min_by({value}, line) "
            f"FROM {self.source.numbered} WHERE {condition}"
        ).fetchone()
        if found and found[0]:
            count, lines, got = found
            more = ", …" * (count > len(lines))
            rows = f"row{'s' * (count != 1)} {', '.join(map(str, lines))}{more}"
            said = f"{wrong} {count:,} row{'s' * (count != 1)} ({rows})."
            yield Problem(self.name, said, remedy, column, got)

    def _problem_of_persons(self) -> Iterator[Problem]:
        name, replicate = self.columns.other, self.columns.replicate
        person = self.source.text(name)
        within = f"{self.source.text(replicate)}, person" if replicate else "person"
        found = self.connection.execute(
            f"WITH twice AS MATERIALIZED (SELECT {person} AS person FROM {self.source.plain} "
            f"WHERE {person} <> '' GROUP BY {within} HAVING count(*) > 1) "
            f"SELECT DISTINCT person, (SELECT count(*) FROM twice) FROM twice "
            f"ORDER BY person LIMIT {_SHOWN}"
        ).fetchall()
        if found:
            count = found[0][1]
            wrong = f"{count:,} person{'s' * (count != 1)} in several rows"
            wrong += " of one replicate." if replicate else "."
            remedy = "Give each person one row, with 1 for every list they stand on."
            yield Problem(self.name, wrong, remedy, name, ", ".join(row[0] for row in found))
