"""Captures counted from records: the same as by hand, whatever the names, and nobody twice."""

import csv
import subprocess
import sys
from collections import Counter

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from estimators.evidence import capture_records
from estimators.evidence.capture_records import count_captures
from estimators.evidence.captures import Captures, Cell
from estimators.evidence.problems import EvidenceError


def write(folder, rows, name="people.csv"):
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def problems(path, **named):
    with pytest.raises(EvidenceError) as caught:
        count_captures(path, **named)
    return [str(problem) for problem in caught.value.problems]


def as_parquet(folder, query, name="people.parquet"):
    path = folder / name
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


def test_records_are_counted_by_history(tmp_path):
    rows = [("id", "A", "B"), (1, 1, 0), (2, "", "true"), (3, " TRUE ", "False"), (4, "1.0", 1)]
    captures = count_captures(write(tmp_path, rows), lists=("A", "B"), person="id")
    assert captures == Captures(("A", "B"), (Cell(1, 2), Cell(2, 1), Cell(3, 1)), name="people")


def test_strata_and_replicates_are_kept_apart_and_missing_ones_are_empty(tmp_path):
    rows = [
        ("draw", "id", "sex", "A", "B"),
        (1, "x", "f", 1, 0),
        (1, "y", " NA ", 1, 0),
        (1, "z", "", 1, 0),
        (2, "x", "m", 1, 1),
    ]
    captures = count_captures(
        write(tmp_path, rows),
        lists=("B", "A"),
        strata="sex",
        replicate="draw",
        person="id",
        censored="A",
    )
    expected = (Cell(2, 2, ("",), "1"), Cell(2, 1, ("f",), "1"), Cell(3, 1, ("m",), "2"))
    assert captures == Captures(("B", "A"), expected, ("sex",), frozenset("A"), "people")


names = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=6)
histories = st.sampled_from([(1, 0), (0, 1), (1, 1)])


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    header=st.lists(names, min_size=3, max_size=3, unique=True),
    rows=st.lists(st.tuples(histories, names), min_size=1, max_size=20),
)
def test_the_counts_are_those_by_hand_whatever_the_names(tmp_path, header, rows):
    path = write(tmp_path, [header, *((*history, name) for history, name in rows)])
    found = count_captures(path, lists=header[:2], strata=header[2:])
    cells = Counter((a + 2 * b, "" if name == "NA" else name) for (a, b), name in rows)
    assert {(cell.history, cell.stratum[0]): cell.count for cell in found.cells} == cells


def test_names_that_differ_only_in_case_or_hold_quotes_are_told_apart(tmp_path):
    quoted, nested = '"b\'"";--"', "{'x': 1, 'A': {'y': 2}}"
    query = (
        f'SELECT true AS "a", 1 AS {quoted}, {nested} AS nested, 0.0::DOUBLE AS c '
        "UNION ALL SELECT NULL, 0, NULL, 1.0"
    )
    path = as_parquet(tmp_path, query)
    captures = count_captures(path, lists=("c", "a", "b'\";--"))
    assert captures.cells == (Cell(1, 1), Cell(6, 1))
    rows = [("A", "a", 'x"y'), (1, 0, 0), (0, 1, 1)]
    captures = count_captures(write(tmp_path, rows), lists=("a", "A", 'x"y'))
    assert captures.cells == (Cell(2, 1), Cell(5, 1))


def test_a_name_that_looks_like_a_pattern_reads_no_other_file(tmp_path):
    path = write(tmp_path, [("A", "B"), (1, 0)], "people[1]*'.csv")
    write(tmp_path, [("A", "B"), (1, 1), (1, 1)], "people1 of others'.csv")
    assert count_captures(path, lists=("A", "B")).cells == (Cell(1, 1),)


def test_text_and_parquet_give_the_same(tmp_path):
    query = (
        "SELECT i AS id, i % 2 AS A, i % 3 = 0 AS B, 1 - (i % 2) AS C, i % 5 AS age "
        "FROM range(3000) t(i)"
    )
    kwargs = {"lists": ("A", "B", "C"), "strata": "age", "person": "id"}
    parquet = count_captures(as_parquet(tmp_path, query), **kwargs)
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({query}) TO '{tmp_path / 'people.csv'}' (HEADER)")
    assert parquet == count_captures(tmp_path / "people.csv", **kwargs)
    assert parquet.n == 3000


def test_everything_wrong_with_the_rows_is_said_with_the_first_of_them(tmp_path):
    rows = [
        ("draw", "id", "A", "B"),
        (1, "x", 1, 0),
        (1, "x", 0, 1),
        ("", "y", 2, 1),
        (1, "", "yes", 1),
        (1, "v", 0, ""),
        *((1, f"u{place}", 0, 0) for place in range(5)),
        (2, "x", 1, 0),
    ]
    path = write(tmp_path, rows)
    found = problems(path, lists=("A", "B"), replicate="draw", person="id")
    assert found == [
        "people.csv, A: neither yes nor no in 2 rows (rows 4, 5). Got '2'. "
        "Write 1 or true where they stand on the list, else 0, false or nothing.",
        "people.csv: persons on no list in 6 rows (rows 6, 7, 8, …). "
        "Take them out: how many stand on no list is what is to be estimated.",
        "people.csv, draw: it is empty in 1 row (row 4). Write which it is, in each row.",
        "people.csv, id: it is empty in 1 row (row 5). Write which it is, in each row.",
        "people.csv, id: 1 person in several rows of one replicate. Got 'x'. "
        "Give each person one row, with 1 for every list they stand on.",
    ]


def test_rows_of_parquet_are_counted_from_one(tmp_path):
    path = as_parquet(tmp_path, "SELECT i > 0 AS A, i > 1 AS B FROM range(4) t(i)")
    (found,) = problems(path, lists=("A", "B"))
    assert "persons on no list in 1 row (row 1)." in found


def test_lines_that_are_no_rows_are_said(tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(b"A,B,C\n1,0,0\n1,0\n0,1,0,1\n1,\xff,0\n0,0,1\n1,1\n")
    found = problems(path, lists=("A", "B", "C"))
    assert [problem.partition(":")[0] for problem in found] == [
        "people.csv line 3",
        "people.csv line 4",
        "people.csv line 5",
        "people.csv",
    ]
    assert "further lines are no rows: 1." in found[-1]


@pytest.mark.parametrize(
    ("text", "named", "expected"),
    [
        ("A,B\n1,0\n", {"lists": ("A", "C")}, "there is no such column. Got 'C'."),
        ("A,B\n1,0\n", {"lists": ("A",)}, "it has 1 list."),
        ("A,A,B\n1,0,1\n", {"lists": ("A", "B")}, "several columns have this name. Got 'A'."),
        ("A,B\n1,0\n", {"lists": ("A", "B"), "person": "A"}, "named for two things"),
        ("A;B\n1;0\n", {"lists": ("A", "B")}, "no columns separated by commas. Got 'A;B'."),
        ("", {"lists": ("A", "B")}, "no columns separated by commas"),
        ("A,B\n", {"lists": ("A", "B")}, "nobody stands on any list"),
        ("PAR1", {"lists": ("A", "B")}, "it cannot be read"),
    ],
)
def test_what_is_wrong_with_the_file_is_said(tmp_path, text, named, expected):
    path = tmp_path / "people.csv"
    path.write_text(text)
    assert any(expected in problem for problem in problems(path, **named))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(EvidenceError, match="cannot be read"):
        count_captures(tmp_path / "none.csv", lists=("A", "B"))


def test_a_column_of_days_is_no_stratum(tmp_path, monkeypatch):
    monkeypatch.setattr(capture_records, "MOST_GROUPS", 100)
    path = as_parquet(tmp_path, "SELECT 1 AS A, 0 AS B, i AS day FROM range(101) t(i)")
    (found,) = problems(path, lists=("A", "B"), strata="day")
    assert "more than 100 strata and histories. Got 'day'." in found


def test_too_little_memory_is_said(tmp_path):
    path = as_parquet(tmp_path, "SELECT 1 AS A, 0 AS B, 'p' || i AS id FROM range(100000) t(i)")
    with pytest.raises(ValueError, match=r"cannot be counted within 1MB; give more"):
        count_captures(path, lists=("A", "B"), person="id", memory="1MB")


def test_nothing_heavy_is_loaded_before_a_file_is_counted():
    code = (
        "import sys, estimators.evidence.capture_records; "
        "sys.exit(any(name in sys.modules for name in ('duckdb', 'numpy', 'pandas')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
