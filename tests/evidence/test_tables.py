"""claims.csv: every bad row and cell is told with its place, its value and the remedy."""

import csv

import pytest

from estimators.evidence.files import read_study
from estimators.evidence.rows import COLUMNS, OPTIONAL
from estimators.evidence.tables import claims_text, read_claims
from estimators.evidence.wording import BestEstimate

DIGITS = "Write digits only"
DATE = "Write YYYY-MM-DD, YYYY-MM or YYYY"

BAD_CELLS = [
    ({"id": ""}, "id", "it is empty.", "", "without spaces."),
    ({"id": "a b"}, "id", "cannot be an id", "a b", "without spaces."),
    ({"quantity": "b"}, "quantity", "not a quantity of this study", "b", "Use one of: a, m, p."),
    ({"quantity": ""}, "quantity", "it is empty.", "", "Or add it to study.toml."),
    ({"origin": "t"}, "origin", "not a source of this study", "t", "[sources] in study.toml."),
    ({"origin": ""}, "origin", "it is empty.", "", "Use one of: s."),
    ({"wording": "aboutt"}, "wording", "not a known wording", "aboutt", "Did you mean 'about'?"),
    ({"wording": ""}, "wording", "it is empty.", "", "Use one of: a few,"),
    ({"value": ""}, "value", "'about' needs a number", "", "Write the number in value."),
    ({"value": "0"}, "value", "positive, finite", "0", "A denial"),
    ({"value": "-5"}, "value", "not a positive number", "-5", f"{DIGITS}, like 5:"),
    ({"value": "many"}, "value", "not a positive number", "many", f"{DIGITS}:"),
    ({"value": "inf"}, "value", "not a positive number", "inf", DIGITS),
    ({"value": "nan"}, "value", "not a positive number", "nan", DIGITS),
    ({"value": "1e5"}, "value", "not a positive number", "1e5", DIGITS),
    ({"value": "9" * 400}, "value", "positive, finite", "999", "A denial"),
    ({"value": "1,100"}, "value", "not a positive number", "1,100", f"{DIGITS}, like 1100:"),
    ({"value": "1 100"}, "value", "not a positive number", "1 100", f"{DIGITS}, like 1100:"),
    ({"value": "600명"}, "value", "not a positive number", "600명", f"{DIGITS}, like 600:"),
    ({"value": "600-700"}, "value", "not a positive number", "600-700", "make a 'between'"),
    ({"value": "1.100"}, "value", "a count is a whole number", "1.1", "without separators."),
    ({"low": "5"}, "low", "'about' takes only value", "5", "Leave low empty."),
    ({"wording": "hundreds"}, "value", "takes no number", "600", "Leave value empty."),
    ({"wording": "between"}, "low", "needs a number in low and high", "", "Write the number in"),
    (
        {"wording": "between", "value": "", "low": "5", "high": "2"},
        "low",
        "low (5) is not below high (2)",
        "5",
        "Write the lower number in low",
    ),
    ({"quantity": "p"}, "value", "a share lies below 100", "600", "in percent, e.g. 70."),
    (
        {"quantity": "p", "wording": "hundreds", "value": ""},
        "wording",
        "cannot be said of a share",
        "hundreds",
        "Write used = no",
    ),
    (
        {"wording": "estimate", "low": "600", "high": "900"},
        "low",
        "low (600) is not below the best number (600)",
        "600",
        "in rising order.",
    ),
    (
        {"wording": "estimate", "low": "60", "high": "90"},
        "high",
        "high (90) is not above the best number (600)",
        "90",
        "in rising order.",
    ),
    ({"wording": "estimate"}, "low", "needs a number in low and high", "", "Write the number in"),
    ({"wording": "estimate", "low": "1.5", "high": "700"}, "low", "whole", "1.5", "without"),
    ({"wording": "most", "value": ""}, "wording", "'most' is said of a share", "most", "'many'"),
    ({"wording": "most"}, "value", "takes no number", "600", "Leave value empty."),
    (
        {"quantity": "p", "wording": "verified", "value": "60"},
        "wording",
        "a share is not",
        "verified 60",
        "name the count of those verified.",
    ),
    ({"published": ""}, "published", "it is empty.", "", DATE),
    ({"published": "2023-13"}, "published", "not a day of the calendar", "2023-13", DATE),
    ({"published": "2023-02-30"}, "published", "not a day of the", "2023-02-30", DATE),
    ({"published": "2023-1"}, "published", "not a date", "2023-1", DATE),
    ({"as_of": "2023/"}, "as_of", "nothing stands behind", "2023/", DATE),
    ({"as_of": "2023/2022"}, "as_of", "before it starts", "2023/2022", "earlier date first."),
    ({"url": "javascript:alert(1)"}, "url", "not a web address", "javascript", "https://"),
    ({"url": "https://"}, "url", "not a web address", "https://", "leave it empty."),
    ({"repeats": "c9", "used": "no"}, "repeats", "not a claim of this study", "c9", "another row"),
    ({"derived_from": "c9", "used": "no"}, "derived_from", "not a claim", "c9", "another row"),
    ({"pairs_with": "c9"}, "pairs_with", "not a claim of this study", "c9", "Write the id"),
    ({"pairs_with": "c0"}, "pairs_with", "not a ceiling and a floor", "c0", "A pair is"),
    ({"repeats": "c0"}, "used", "repeats or was computed from c0", "yes", "Write no."),
    ({"method": "guess"}, "method", "it is no method", "guess", "enumeration, estimate"),
    ({"used": "maybe"}, "used", "neither yes nor no", "maybe", "Write yes or no."),
    ({"used": ""}, "used", "it is empty.", "", "Write yes or no."),
    ({"used": "no"}, "why_not", "needs the reason", "", "Say why not."),
    ({"used": "no", "why_not": "  "}, "why_not", "needs the reason", "", "Say why not."),
    ({"why_not": "doubtful"}, "why_not", "a claim that is used has", "doubtful", "used = no"),
    ({"wording": "many", "value": ""}, "used", "says nothing on how many", "yes", "Write no"),
    ({"notes": "a" * 10_001}, "notes", "it is 10,001 characters long", "aaa", "Shorten it"),
    ({"notes": "a" * 200_000}, "notes", "it is 200,000 characters", "aaa", "Shorten it"),
    ({"notes": "a\x00b"}, "notes", "a character that is none", r"a\x00b", "delete"),
]


@pytest.mark.parametrize(("cells", "column", "wrong", "got", "remedy"), BAD_CELLS)
def test_a_bad_cell_is_one_problem_with_its_place(folder, cells, column, wrong, got, remedy):
    claims = folder.table(folder.row(id="c0"), folder.row(**cells))
    (problem,) = folder.problems(claims=claims)
    assert problem.startswith(f"claims.csv row 3, {column}: ")
    assert wrong in problem
    assert remedy in problem
    assert (f" Got '{got}" in problem) if got else (" Got " not in problem)


MORE = (
    '[quantities.n]\nlabel = "N"\nmeasure = "share"\nrange = [10, 90]\nreason = "r"\n'
    '[coverages.city]\nrange = [20, 60]\nreason = "r"\n'
)
BAD_OPTIONAL = [
    ({"level": "95"}, "level", "only 'between' and 'estimate' take", "95", "Leave level empty."),
    ({"level": "x"}, "level", "not a percentage", "x", "leave it empty for 80."),
    ({"level": "100"}, "level", "not a percentage", "100", "Write digits only, e.g. 95"),
    ({"coverage": "citi"}, "coverage", "not a coverage of this study", "citi", "mean 'city'?"),
    (
        {"quantity": "p", "value": "60", "coverage": "city"},
        "coverage",
        "only a count has",
        "city",
        "Leave it empty",
    ),
    ({"quantity": "n", "value": "60"}, "quantity", "a share of nothing", "n", 'share = "n"'),
]


def wide(folder, **cells):
    # A table whose second row has cells of the columns that are optional too.
    more = {column: cells.pop(column, "") for column in OPTIONAL}
    header = ",".join((*COLUMNS, *OPTIONAL)) + "\n"
    row = folder.row(**cells).rstrip("\n") + "," + ",".join(more.values()) + "\n"
    return header + folder.row(id="c0").rstrip("\n") + "," * len(OPTIONAL) + "\n" + row


@pytest.mark.parametrize(("cells", "column", "wrong", "got", "remedy"), BAD_OPTIONAL)
def test_a_bad_cell_of_an_optional_column(folder, cells, column, wrong, got, remedy):
    (problem,) = folder.problems(outline=folder.outline + MORE, claims=wide(folder, **cells))
    assert problem.startswith(f"claims.csv row 3, {column}: ")
    assert all(text in problem for text in (wrong, remedy, f" Got '{got}"))


def test_a_level_and_a_coverage_are_read(folder):
    cells = {"wording": "estimate", "low": "500", "high": "900", "level": "95", "coverage": "city"}
    folder.write(outline=folder.outline + MORE, claims=wide(folder, **cells))
    claim = read_study(folder.path).claims[1]
    assert claim.wording == BestEstimate(600, 500, 900, 95)
    assert claim.coverage == "city"
    assert read_study(folder.path).ranges()[-1][:2] == ("city", "coverage")


def test_every_problem_of_a_row_is_told_at_once(folder):
    cells = {"id": "a b", "value": "x", "low": "y", "published": "2023-13", "used": "?"}
    bad = folder.row(**cells, wording="aboutt", quantity="zz", origin="zz", url="zz", repeats="zz")
    problems = folder.problems(claims=folder.table(bad))
    columns = {problem.split(":")[0].removeprefix("claims.csv row 2, ") for problem in problems}
    assert columns == {*cells, "wording", "quantity", "origin", "url", "repeats"}
    assert len(problems) == len(columns)


def test_rows_are_numbered_as_in_a_spreadsheet(folder):
    many_lines = folder.row(notes="one\ntwo\r\nthree")
    claims = folder.table(many_lines, "\n", folder.row(id="c2", value="x"))
    (problem,) = folder.problems(claims=claims)
    assert problem.startswith("claims.csv row 4, value:")


def test_a_row_that_repeats_an_unread_row_is_no_problem(folder):
    claims = folder.table(
        folder.row(id="c0"),
        folder.row(value="x"),
        folder.row(id="c2", repeats="c1", used="no"),
        "c3,a\n",
        folder.row(id="c4", derived_from="c3", used="no"),
    )
    problems = folder.problems(claims=claims)
    assert [problem.split(":")[0] for problem in problems] == [
        "claims.csv row 3, value",
        "claims.csv row 5",
    ]


def test_a_duplicate_id_names_both_rows_and_hides_nothing(folder):
    claims = folder.table(folder.row(), folder.row(value="x"), folder.row(origin="zz"))
    problems = folder.problems(claims=claims)
    assert [problem.split(" Got")[0] for problem in problems] == [
        "claims.csv row 3, id: the id stands in row 2 already.",
        "claims.csv row 3, value: it is not a positive number.",
        "claims.csv row 4, id: the id stands in row 2 already.",
        "claims.csv row 4, origin: it is not a source of this study.",
    ]


@pytest.mark.parametrize(
    ("line", "remedy"),
    [("c2,a\n", "an empty cell still needs its comma"), ("," * 21 + "x\n", "double quotes")],
)
def test_a_row_with_too_few_or_many_cells(folder, line, remedy):
    (problem,) = folder.problems(claims=folder.table(folder.row(), line))
    assert problem.startswith("claims.csv row 3: it has ")
    assert "the header has 21" in problem
    assert remedy in problem


def test_a_quotation_mark_that_is_not_closed(folder):
    claims = folder.table(folder.row(value="x"), 'c2,"a\n', folder.row(id="c3", origin="zz"))
    problems = folder.problems(claims=claims)
    assert problems[0].startswith("claims.csv row 2, value:")
    assert problems[1].startswith("claims.csv row 3: it cannot be read")
    assert len(problems) == 2


def test_circles_of_repeats_are_all_told(folder):
    claims = folder.table(
        folder.row(),
        folder.row(id="c2", repeats="c3", used="no"),
        folder.row(id="c3", derived_from="c1 c2", used="no"),
        folder.row(id="c4", repeats="c4", used="no"),
        folder.row(id="c5", quantity="zz"),
    )
    problems = folder.problems(claims=claims)
    assert [problem.split(":")[0] for problem in problems] == [
        "claims.csv row 3, repeats",
        "claims.csv row 5, repeats",
        "claims.csv row 6, quantity",
    ]
    assert "Got 'c2 -> c3 -> c2'" in problems[0]


@pytest.mark.parametrize(
    ("floor", "ceiling", "wrong"),
    [
        ({}, {"wording": "about"}, "not a ceiling and a floor"),
        ({"wording": "about"}, {}, "not a ceiling and a floor"),
        ({"used": "no", "why_not": "x"}, {}, "one of the two is not used"),
        ({}, {"used": "no", "why_not": "x"}, "one of the two is not used"),
        ({"origin": "t"}, {}, "differ in origin or quantity"),
        ({"quantity": "b"}, {}, "differ in origin or quantity"),
        ({"value": "900"}, {}, "'at least 900' is not below 'up to 900'"),
    ],
)
def test_a_pair_is_a_ceiling_and_its_floor(folder, floor, ceiling, wrong):
    outline = folder.outline + 't = { name = "T", class = "un" }\n'
    b = outline[outline.index("[quantities.a]") : outline.index("[quantities.p]")]
    outline = outline.replace("[quantities.p]", b.replace(".a]", ".b]") + "[quantities.p]")
    floor = {"id": "floor", "wording": "at least"} | floor
    ceiling = {"id": "top", "wording": "up to", "value": "900", "pairs_with": "floor"} | ceiling
    claims = folder.table(folder.row(), folder.row(**floor), folder.row(**ceiling))
    (problem,) = folder.problems(outline=outline, claims=claims)
    assert problem.startswith("claims.csv row 4, pairs_with: ")
    assert wrong in problem


def test_a_floor_makes_one_pair_only(folder):
    claims = folder.table(
        folder.row(id="floor", wording="at least"),
        folder.row(id="low", wording="up to", value="500", pairs_with="floor"),
        folder.row(id="good", wording="up to", value="800", pairs_with="floor"),
        folder.row(id="second", wording="up to", value="900", pairs_with="floor"),
    )
    below, taken = folder.problems(claims=claims)
    assert "'at least 600' is not below 'up to 500'" in below
    assert "row 5" in taken
    assert "already makes a pair with good" in taken


def test_a_table_without_a_used_claim(folder):
    assert folder.problems(claims=folder.table()) == [
        "claims.csv: no claim is used. Add a claim with used = yes."
    ]


WHOLE_FILES = [
    (b"", "claims.csv: the file is empty.", "Write this header row"),
    (b"\n \n", "claims.csv: the file is empty.", "Write this header row"),
    ("semicolons", "claims.csv row 1: the columns are separated by semicolons", "CSV UTF-8"),
    ("tabs", "claims.csv row 1: the columns are separated by tabs", "CSV UTF-8"),
    ("utf-16", "claims.csv line 1: it is not UTF-8. Got 'bytes ff fe", "CSV UTF-8"),
    ("utf-16-le", "claims.csv row 1: it is not UTF-8.", "CSV UTF-8"),
    ("euc-kr", "claims.csv line 3: it is not UTF-8. Got 'bytes b8 ed", "CSV UTF-8"),
]


@pytest.mark.parametrize(("how", "wrong", "remedy"), WHOLE_FILES)
def test_a_file_that_is_no_comma_separated_utf8(folder, how, wrong, remedy):
    notes = "" if how == "utf-16-le" else "명"
    text = folder.table(folder.row(), folder.row(id="c2", notes=notes))
    if isinstance(how, bytes):
        data = how
    elif how in ("semicolons", "tabs"):
        data = text.replace(",", {"semicolons": ";", "tabs": "\t"}[how]).encode()
    else:
        data = text.encode(how)
    (problem,) = folder.problems(claims=data)
    assert problem.startswith(wrong)
    assert remedy in problem


def test_a_header_names_missing_unknown_and_double_columns(folder):
    text = folder.table(folder.row())
    header, rest = text.split("\n", 1)
    header = header.replace("value", "Value").replace("phrase", "notes")
    missing, unknown, twice = folder.problems(claims=f"{header}\n{rest}")
    assert missing.startswith("claims.csv row 1: the column 'value' is missing. Add value")
    assert "column 4 is not a column of claims. Got 'Value'. Did you mean 'value'?" in unknown
    assert "the column 'notes' stands there twice" in twice


@pytest.mark.parametrize("change", ["bom", "crlf", "tail", "columns", "spaces"])
def test_what_spreadsheets_do_is_read_without_complaint(folder, change):
    expected = read_study(folder.path).claims
    text = folder.table(folder.row())
    header, line = text.splitlines()
    spaced = {"id": " c1 ", "quantity": " a ", "wording": " about ", "value": " 600 "}
    spaced |= {"origin": " s ", "published": " 2023-10 ", "used": " Yes ", "network": " "}
    changed = {
        "bom": "\ufeff" + text,
        "crlf": text.replace("\n", "\r\n"),
        "tail": f"{header},,\n{line},,\n,,,,\n",
        "columns": ",".join(reversed(header.split(","))) + "\n" + ",".join(line.split(",")[::-1]),
        "spaces": folder.table(folder.row(**spaced)),
    }
    folder.write(claims=changed[change])
    assert read_study(folder.path).claims == expected


def test_optional_columns_are_written_only_where_they_hold_something(north_korea, tmp_path):
    text = claims_text(north_korea.claims)
    assert text.splitlines()[0] == ",".join(COLUMNS)
    (tmp_path / "claims.csv").write_text(text, encoding="utf-8")
    assert tuple(read_claims(tmp_path / "claims.csv").claims) == north_korea.claims
    assert not any(column in COLUMNS for column in OPTIONAL)


def test_reading_leaves_the_limit_of_the_csv_module_alone(folder):
    before = csv.field_size_limit()
    folder.problems(claims=folder.table(folder.row(notes="a" * 300_000)))
    folder.problems(claims="id,quantity\nx")
    assert csv.field_size_limit() == before
