"""Captures read from files with every problem at once, and written back unchanged."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from estimators.evidence.capture_files import read_captures, write_captures
from estimators.evidence.captures import Captures, Cell
from estimators.evidence.problems import EvidenceError

CARRIED = Path(__file__).parents[2] / "data" / "lists"


def write(folder, text):
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder, text, **named):
    with pytest.raises(EvidenceError) as caught:
        read_captures(write(folder, text), **named)
    return [str(problem) for problem in caught.value.problems]


def test_a_table_is_read_as_it_stands(tmp_path):
    captures = read_captures(write(tmp_path, "A,B,count\n1,0,12\n 0 , 1 , 7 \n1,1,0\n"))
    assert captures == Captures(("A", "B"), (Cell(1, 12), Cell(2, 7), Cell(3, 0)), name="table")


def test_strata_and_replicates_are_read_and_missing_values_are_empty(tmp_path):
    text = "draw,sex,year,A,B,n\n1,f,1999,1,0,3\n1,NA,1999,1,0,2\n2,,2000,0,1,4\n"
    captures = read_captures(
        write(tmp_path, text), strata=("sex", "year"), replicate="draw", count="n", censored="A"
    )
    assert captures.cells == (
        Cell(1, 3, ("f", "1999"), "1"),
        Cell(1, 2, ("", "1999"), "1"),
        Cell(2, 4, ("", "2000"), "2"),
    )
    assert captures.lists == ("A", "B")
    assert captures.censored == {"A"}
    assert captures.replicates == ("1", "2")


def test_lists_that_are_named_give_the_order_and_others_are_left_out(tmp_path):
    captures = read_captures(
        write(tmp_path, "A,note,B,count\n1,x,0,5\n0,y,1,6\n"), lists=("B", "A")
    )
    assert captures.lists == ("B", "A")
    assert captures.cells == (Cell(2, 5), Cell(1, 6))


def test_every_problem_is_found_at_once(tmp_path):
    text = (
        "A,B,count\n1,0,-1\n0,1,2.5\n1,1,\n0,0,9\n1,0,4\n2,1,3\n,1,1\n0,1,1_000\n0,1,twelve\n"
        "1,1,1e3\n1,1,9999999999999999\n"
    )
    found = problems(tmp_path, text)
    expected = [
        ("row 2, count", "negative", "'-1'"),
        ("row 3, count", "fraction", "'2.5'"),
        ("row 4, count", "empty", "'an empty cell'"),
        ("row 5", "on no list", ""),
        ("row 6", "stands in row 2", ""),
        ("row 7, A", "neither 0 nor 1", "'2'"),
        ("row 8, A", "neither 0 nor 1", "'an empty cell'"),
        ("row 9, count", "no whole number", "'1_000'"),
        ("row 9", "stands in row 3", ""),
        ("row 10, count", "no whole number", "'twelve'"),
        ("row 10", "stands in row 3", ""),
        ("row 11, count", "no whole number", "'1e3'"),
        ("row 11", "stands in row 4", ""),
        ("row 12, count", "no whole number", "'9999999999999999'"),
        ("row 12", "stands in row 4", ""),
    ]
    assert len(found) == len(expected)
    for problem, parts in zip(found, expected, strict=True):
        assert problem.startswith(f"table.csv {parts[0]}:"), problem
        assert all(part in problem for part in parts), problem


def test_problems_of_names_and_of_rows_come_together(tmp_path):
    text = "A,B,sex,count\n1,0,f,3\n1,2,m,4\n"
    found = "\n".join(problems(tmp_path, text, strata=("sx",), lists=("A", "B", "C"), censored="D"))
    assert "row 1, strata: there is no such column. Got 'sx'. Did you mean 'sex'?" in found
    assert "row 1, lists: there is no such column. Got 'C'." in found
    assert "row 1, censored: there is no such list. Got 'D'." in found
    assert "row 3, B: it is neither 0 nor 1." in found


@pytest.mark.parametrize(
    ("text", "named", "expected"),
    [
        ("A,count\n1,3\n", {}, "it has 1 list."),
        ("A,B,n\n1,0,3\n", {}, "Name it: count=..."),
        ("A,B,count\n1,0,3\n", {"count": ""}, "a name is empty"),
        ("A,B,count\n1,0,3\n", {"strata": "A", "lists": ("A", "B")}, "named for two things"),
        ("A,B,count\n1,0,3\n", {"replicate": "count"}, "named for two things"),
        ("A,A,B,count\n1,1,0,3\n", {}, "stands there twice"),
        ("A,B,sex,count\n1,0,f,3\n0,1,m,3\n", {}, "no list of 0 and 1, and not named"),
        (",A,B,count\n1,1,0,3\n2,0,1,3\n", {}, "a column without name"),
        ("A,B,count\n1,0\n0,1,3\n", {}, "it has 2 cells, the header has 3"),
        ("A,B,count\n", {}, "nobody stands on any list"),
        ("A,B,count\n1,0,0\n", {}, "nobody stands on any list"),
        ("A;B;count\n1;0;3\n", {}, "separated by semicolons"),
        ("", {}, "the file is empty. Write a header row with a column for each list"),
        (
            "d,A,B,count\n,1,0,3\n1,0,1,3\n",
            {"replicate": "d"},
            "row 2, d: the replicate is missing",
        ),
        ("A,B,count\n" + "1,0,3\n" * 2, {}, "row 3: the same history stands in row 2."),
    ],
)
def test_what_is_wrong_is_said(tmp_path, text, named, expected):
    assert any(expected in problem for problem in problems(tmp_path, text, **named))


def test_a_file_with_too_many_lists_is_refused(tmp_path):
    names = [f"L{place}" for place in range(63)]
    text = ",".join([*names, "count"]) + "\n" + ",".join(["1"] * 63 + ["2"]) + "\n"
    assert any("it has 63 lists." in problem for problem in problems(tmp_path, text))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(EvidenceError, match="cannot be read"):
        read_captures(tmp_path / "none.csv")


def test_a_slip_in_a_list_does_not_lose_the_list(tmp_path):
    found = problems(tmp_path, "A,B,C,count\n1,0,0,3\n0,1,x,4\n0,0,1,2\n")
    assert found == [
        "table.csv row 3, C: it is neither 0 nor 1. Got 'x'. "
        "Write 1 where they stand on the list, else 0."
    ]


texts = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=5)
values = st.one_of(texts.filter(lambda text: text != "NA"), st.just(""))


@st.composite
def many_captures(draw):
    names = draw(st.lists(texts, min_size=2, max_size=7, unique=True))
    assume(not {"count", "replicate"} & set(names))
    columns = draw(st.integers(0, len(names) - 2))
    lists, strata = names[columns:], names[:columns]
    replicates = draw(st.one_of(st.just([""]), st.lists(texts, min_size=1, max_size=3)))
    keys = st.tuples(
        st.integers(1, 2 ** len(lists) - 1),
        st.tuples(*[values for _ in strata]),
        st.sampled_from(replicates),
    )
    counts = draw(st.dictionaries(keys, st.integers(0, 10**12), min_size=1, max_size=12))
    assume(any(counts.values()))
    cells = (Cell(history, count, *rest) for (history, *rest), count in counts.items())
    return Captures(tuple(lists), tuple(cells), tuple(strata), frozenset(lists[:1]), "table")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(captures=many_captures())
def test_what_is_written_is_read_back_unchanged(tmp_path, captures):
    assume(sum(name.count(";") for name in (*captures.lists, *captures.strata)) < 2)
    path = tmp_path / "table.csv"
    write_captures(captures, path)
    replicate = "replicate" if captures.replicates != ("",) else ""
    kwargs = {"strata": captures.strata, "replicate": replicate, "censored": captures.censored}
    assert read_captures(path, **kwargs) == captures
    assert read_captures(path, lists=captures.lists, **kwargs) == captures


@pytest.mark.parametrize(
    ("captures", "expected"),
    [
        (Captures(("A", "count"), (Cell(1, 2),)), "two columns would be called 'count'"),
        (Captures((" A", "B"), (Cell(1, 2),)), "' A'"),
        (Captures(("A\n", "B"), (Cell(1, 2),)), "would not come back"),
        (Captures(("A;;;;", "B"), (Cell(1, 2),)), "'A;;;;;B;count'"),
        (Captures(("A", "B"), (Cell(1, 2, ("NA",)),), ("sex",)), "'NA'"),
        (Captures(("A", "B"), (Cell(1, 2, (), "1"), Cell(1, 2, (), ""))), "would not come back"),
    ],
)
def test_what_would_not_come_back_is_not_written(tmp_path, captures, expected):
    with pytest.raises(ValueError, match=r"count|come back") as caught:
        write_captures(captures, tmp_path / "table.csv")
    assert expected in str(caught.value)
    assert not any(tmp_path.iterdir())


def test_columns_of_counts_may_be_called_otherwise(tmp_path):
    captures = Captures(("A", "count"), (Cell(1, 2), Cell(3, 5)), name="table")
    write_captures(captures, tmp_path / "table.csv", count="persons")
    assert read_captures(tmp_path / "table.csv", count="persons") == captures


PERSONS = {
    "Artificial_3": 96,
    "kosovo_aggregate": 4400,
    "UKdat": 2744,
    "UKdat_5": 2744,
    "Ned_5": 8234,
    "spina": 621,
    "dga_my3_spina": 626,
    "Congenital": 537,
    "HIV": 1896,
    "brighton_total": 856,
}


@pytest.mark.parametrize(("name", "persons"), PERSONS.items())
def test_the_tables_that_are_carried_hold_the_published_numbers(tmp_path, name, persons):
    strata = ["eth"] * (name == "spina")
    captures = read_captures(CARRIED / f"{name}.csv", strata=strata)
    assert captures.n == persons
    write_captures(captures, tmp_path / f"{name}.csv")
    assert read_captures(tmp_path / f"{name}.csv", strata=strata) == captures


def test_the_readme_names_every_table_that_is_carried():
    files = {path.stem for path in CARRIED.glob("*.csv")}
    text = (CARRIED / "README.md").read_text()
    assert files == set(PERSONS)
    assert all(f"| {name} |" in text for name in files)


def test_two_tables_of_the_same_persons_agree():
    apart = read_captures(CARRIED / "UKdat.csv").merged(("PF", "NCA"), "PFNCA")
    joined = read_captures(CARRIED / "UKdat_5.csv")
    order = [apart.lists.index(id) for id in joined.lists]
    counts = {
        sum((cell.history >> place & 1) << new for new, place in enumerate(order)): cell.count
        for cell in apart.cells
    }
    assert counts == {cell.history: cell.count for cell in joined.cells}


def test_a_large_table_with_two_replicates_is_read():
    folder = Path(os.environ.get("UNDERCOUNT_DATA", ""), "lists")
    path = folder / "verdata_reclutamiento_R1_R2.csv"
    if not os.environ.get("UNDERCOUNT_DATA") or not path.is_file():
        pytest.skip("set UNDERCOUNT_DATA to the folder that holds lists/verdata_...csv")
    captures = read_captures(path, strata=("sexo", "yy_hecho"), replicate="replica")
    assert len(captures.lists) == 34
    assert [captures.replicate(id).n for id in captures.replicates] == [19_226, 19_226]
