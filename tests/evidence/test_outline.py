"""study.toml: every bad table is told with its name, its key, what was got and the remedy."""

import pytest

from estimators.evidence.files import read_study

BASE = '[quantities.a]\nlabel = "A"\nmeasure = "flow"\nrange = [1, 9]\nreason = "r"\n'
TOP = 'title = "T"\n' + BASE + '[sources]\ns = { name = "S", class = "media" }\n'
Q = '[quantities.b]\nlabel = "B"\n'
FLOW, STOCK, SHARE = (f'{Q}measure = "{kind}"\n' for kind in ("flow", "stock", "share"))
HELD = (
    '[quantities.h]\nlabel = "H"\nmeasure = "stock"\nrange = [1, 9]\nreason = "r"\n'
    '[quantities.g]\nlabel = "G"\nmeasure = "stock"\n'
)
BALANCE = f'{HELD}[balances.x]\nbefore = "g"\nafter = "h"\n'
SPLIT = f'{FLOW}[quantities.c]\nlabel = "C"\nmeasure = "flow"\n[splits.x]\nwhole = "a"\n'
PARTS = (
    '[splits.x.parts.b]\nshare = {}\nreason = "r"\n[splits.x.parts.c]\nshare = {}\nreason = "r"\n'
)

IN_B = "study.toml, [quantities.b]"
BAD_TABLES = [
    (f'{Q}measure = "flw"\nrange = [1, 2]\nreason = "r"', f"{IN_B}, measure", "'flw'", "'flow'"),
    (f'{Q}range = [1, 2]\nreason = "r"', f"{IN_B}, measure", "it is missing", "cumulative, flow"),
    (f'{FLOW}range = [5, 2]\nreason = "r"', f"{IN_B}, range", "Got '[5, 2]'", "[low, high]"),
    (f'{FLOW}range = [0, 2]\nreason = "r"', f"{IN_B}, range", "not 0 to 2", "positive"),
    (f'{FLOW}range = [nan, 2]\nreason = "r"', f"{IN_B}, range", "nan to 2", "finite"),
    (f'{FLOW}range = [1, inf]\nreason = "r"', f"{IN_B}, range", "1 to inf", "finite"),
    (f'{FLOW}range = [1, {"9" * 400}]\nreason = "r"', f"{IN_B}, range", "1 to inf", "finite"),
    (f'{FLOW}range = [1]\nreason = "r"', f"{IN_B}, range", "not a pair of numbers", "[low, high]"),
    (f'{FLOW}range = ["1", 2]\nreason = "r"', f"{IN_B}, range", "not a pair", "without quotes"),
    (f'{FLOW}range = "1-2"\nreason = "r"', f"{IN_B}, range", "Got '1-2'", "[low, high]"),
    (f"{FLOW}range = [1, 2]", f"{IN_B}, reason", "needs a reason", "no reason."),
    (f'{FLOW}range = [1, 2]\nreason = " "', f"{IN_B}, reason", "needs a reason", "Say where"),
    (f'{FLOW}reason = "r"\nsum_of = ["a"]', f"{IN_B}, reason", "no range", "notes"),
    (f'{FLOW}range = [1, 9]\nmiddle = 9\nreason = "r"', f"{IN_B}, middle", "(9) is not", "median"),
    (f'{FLOW}range = [2, 9]\nmiddle = "4"\nreason = "r"', f"{IN_B}, middle", "Got '4'", "without"),
    (
        f'{FLOW}part_of = "a"\nshare = [2, 9]\nmiddle = 1\nreason = "r"',
        f"{IN_B}, middle",
        "1",
        "ou",
    ),
    (f'{FLOW}sum_of = ["a"]\nmiddle = 4', f"{IN_B}, middle", "no range that", "Drop it"),
    (f'{FLOW}sum_of = ["a"]\nside = " x"', f"{IN_B}, side", "spaces stand around", "Drop them."),
    (f'{SHARE}range = [5, 9]\nreason = "r"\nunit = "x"', f"{IN_B}, unit", "'x'", "Drop it."),
    (f'{FLOW}sum_of = ["a"]\nunit = "a\\nb"', f"{IN_B}, unit", "not on one line", "armoured"),
    (f'{FLOW}sum_of = ["a"]\nunit = " x"', f"{IN_B}, unit", "single spaces", "Name what"),
    (f'{FLOW}sum_of = ["a"]\nunit = "{"x" * 41}"', f"{IN_B}, unit", "41 characters long", "Name"),
    (f'{FLOW}sum_of = ["a"]\nunit = "Percent"', f"{IN_B}, unit", "not what a count", "persons."),
    (f'{FLOW}sum_of = ["a"]\nunit = 5', f"{IN_B}, unit", "it is not text", "double quotes"),
    (f"{FLOW}share = [1, 2]\nsum_of = ['a']\nreason='r'", f"{IN_B}, share", "whole", "part_of"),
    (f'{SHARE}range = [5, 120]\nreason = "r"', f"{IN_B}, range", "5 to 120", "[60, 95]"),
    (f'{SHARE}sum_of = ["a"]', IN_B, "a share needs a range of its own", "Write range"),
    (f"{FLOW}", IN_B, "nothing defines it", "Give it a range"),
    (f'{FLOW}range = [1, 2]\nreason = "r"\nsum_of = ["a"]', f"{IN_B}, sum_of", "both", "Keep"),
    (f'{FLOW}part_of = "a"', f"{IN_B}, share", "it is missing", "in percent"),
    (f'{FLOW}part_of = "a"\nshare = "a"', f"{IN_B}, share", "not a quantity with", "Name one"),
    (f'{FLOW}part_of = "a"\nshare = "z"', IN_B, "names no quantity", "Or add it to study.toml."),
    (f'{FLOW}sum_of = ["a", "z"]', IN_B, "Got 'z'", "Use one of: a, b."),
    (f'{FLOW}sum_of = ["a", "a"]', f"{IN_B}, sum_of", "each once", "List each part once."),
    (f'{FLOW}sum_of = "a"', f"{IN_B}, sum_of", "not a list of texts", '["first_id"'),
    (f'{FLOW}sum_of = ["b", "a"]', IN_B, "Got 'b -> b'", "Break the circle"),
    (f'{FLOW}sum_of = ["a"]\nwhen = 2023-10-09', f"{IN_B}, when", "it is not text", "quotes"),
    (f'{FLOW}sum_of = ["a"]\nwhen = "2023-13"', f"{IN_B}, when", "calendar", "Write YYYY"),
    (f'{FLOW}sum_of = ["a"]\naccess = "shut"', f"{IN_B}, access", "Got 'shut'", "closed, open"),
    (f'{FLOW}sum_of = ["a"]\nrnge = 1', f"{IN_B}, rnge", "not a key", "Did you mean 'range'?"),
    (f'{FLOW}sum_of = ["a"]\nplace = 5', f"{IN_B}, place", "it is not text", "double quotes"),
    ("[splits]\nx = 5", "study.toml, [splits.x]", "it is not a table", "Write [splits.x]"),
    ('[quantities."b c"]\nlabel="B"\nmeasure="flow"\nsum_of=["a"]', "b c], id", "'b c'", "spaces"),
    (SPLIT + PARTS.format("[1, 2]", "[3, 4]"), "[splits.x], parts", "4 to 6", "add to less"),
    (SPLIT + PARTS.format("[10, 90]", "[30, 100]"), "parts.c.share", "below 100", "[60, 95]"),
    (SPLIT + PARTS.format("[9, 1]", "[30, 90]"), "x.parts.b], share", "9 to 1", "low, high"),
    (BALANCE, "[balances.x]", "nothing flows", "Add outflows"),
    ('[balances.x]\nafter = "a"', "[balances.x], before", "it is missing", "Write before"),
    ('[balances.x]\nbefore = "a"', "[balances.x], after", "it is missing", "Write after"),
    ("[splits.x]\nparts = {}", "[splits.x], whole", "it is missing", "Write whole"),
    (f'{FLOW}range = [2, 2]\nreason = "r"', f"{IN_B}, range", "not 2 to 2", "[low, high]"),
    (BALANCE + 'outflows = ["a", "a"]', "[balances.x], outflows", "twice", "each once"),
    (BALANCE + 'outflows = ["h"]', "[balances.x], outflows", "not a flow but a stock", "Name"),
    (BALANCE + 'outflows = ["a"]\ninflow_share = [1, 2]\nreason = "r"', "x], inflow", "go", "Give"),
    (BALANCE + 'outflows = ["a"]\nreason = "r"', "[balances.x], reason", "no inflow_share", "drop"),
    ('[sources.t]\nname = "T"\nclass = "mediaa"', "[sources.t], class", "'mediaa'", "'media'"),
    ('[sources.t]\nclass = "media"', "[sources.t], name", "it is missing", "Write name"),
    (BALANCE + 'outflows = ["a"]\nmiddle = 4', "x], middle", "no inflow_share", "Drop it"),
    (
        SPLIT + PARTS.format("[10, 90]\nmiddle = 50", "[30, 90]"),
        "[splits.x.parts.b], middle",
        "has no middle",
        "Leave it out",
    ),
    ('[sources.t]\nname = "T"\nclass = "un"\nside = "x "', "t], side", "spaces", "Drop them."),
    ('[sources.t]\nname = "T"\nclass = 5', "[sources.t], class", "it is not text", "quotes"),
    ('[sources.t]\nname = "T"', "[sources.t], class", "it is missing", "Write class"),
    ('[assumptions.y]\nvalue = nan\nreason = "r"', "[assumptions.y], value", "finite", "0.5"),
    ('[assumptions.y]\nvalue = true\nreason = "r"', "[assumptions.y], value", "'true'", "0.5"),
    ('[assumptions.y]\nvalue = 1\nreason = " "', "[assumptions.y], reason", "empty", "Write"),
    ("[assumptions.y]\nvalue = 1", "[assumptions.y], reason", "it is missing", "Write reason"),
    ('[waivers]\nconflict = " "', "[waivers], conflict", "it is empty", "Write conflict"),
    ("[waivers]\nconflict = 1", "[waivers], conflict", "it is not text", "double quotes"),
]


@pytest.mark.parametrize(("more", "place", "wrong", "remedy"), BAD_TABLES)
def test_a_bad_table_is_one_problem_with_its_name(folder, more, place, wrong, remedy):
    (problem,) = folder.problems(outline=f"{TOP}{more}\n")
    assert problem.split(": ")[0].endswith(place)
    assert wrong in problem
    assert remedy in problem


BAD_TOPS = [
    ('title = "T"', "title = 5", "study.toml, title: it is not text. Got '5'."),
    ('title = "T"', "", "study.toml, title: it is missing."),
    ('title = "T"', 'title = "T"\nheadline = "a"', "study.toml, headline: it is not a list"),
    ('title = "T"', 'title = "T"\nheadline = ["z"]', "study.toml, headline: it is not a quantity"),
    ('title = "T"', 'title = "T"\naccess = "no"', "study.toml, access: it is none of the words"),
    ('title = "T"', 'title = "T"\ntitlee = "T"', "study.toml, titlee: it is not a key"),
    ('title = "T"', 'title = "T"\nformat = 2', "study.toml, format: this version reads format 1"),
    ('title = "T"', 'title = "T"\nsplits = 2', "study.toml, splits: it is not a table"),
    ('title = "T"', "title = T", "study.toml line 1: it is not TOML: Invalid value"),
    ("[sources]", BASE + "[sources]", "study.toml line 7: it is not TOML: Cannot declare"),
    ('title = "T"', "x = " + "[" * 5000, "study.toml: it is not TOML: brackets are nested"),
    ('title = "T"', "x = " + "9" * 5000, "study.toml: it is not TOML: a number in it is too"),
]


@pytest.mark.parametrize(("old", "new", "begins"), BAD_TOPS)
def test_a_bad_top_of_the_file(folder, old, new, begins):
    (problem,) = folder.problems(outline=TOP.replace(old, new))
    assert problem.startswith(begins)


def test_a_quantity_defined_twice_over_is_refused_but_may_stand_in_many_sums(folder):
    sums = "".join(f'{Q.replace(".b", f".s{i}")}measure = "flow"\nsum_of = ["a"]\n' for i in "12")
    folder.write(outline=TOP + sums)
    assert len(read_study(folder.path).quantities) == 3
    more = BALANCE.replace('"stock"\n[bal', '"stock"\nrange = [1, 2]\nreason = "r"\n[bal')
    (problem,) = folder.problems(outline=TOP + more + 'outflows = ["a"]\n')
    assert problem.startswith("study.toml, [quantities.g]: 2 rules define it")
    assert "Drop all but one" in problem


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_is_told(folder, encoding):
    (problem,) = folder.problems(outline=TOP.replace('"T"', '"é"').encode(encoding))
    assert problem.startswith("study.toml line 1: it is not UTF-8. Got 'bytes ")


@pytest.mark.parametrize("change", [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n")])
def test_a_byte_order_mark_and_other_line_ends_are_read(folder, change):
    expected = read_study(folder.path)
    folder.write(outline=change(folder.outline))
    assert read_study(folder.path) == expected


def test_what_refers_to_an_unread_table_is_no_problem_of_its_own(folder):
    outline = (
        'title = "T"\nheadline = ["a"]\n'
        '[quantities.a]\nlabel = "A"\nmeasure = "flow"\nrange = [9, 1]\nreason = "r"\n'
        f'{FLOW}[quantities.c]\nlabel = "C"\nmeasure = "flow"\nsum_of = ["a"]\n'
        '[splits.x]\nwhole = "a"\nparts = { b = { share = [5] } }\n'
        '[sources]\ns = { name = "S", class = "zz" }\n'
    )
    problems = folder.problems(outline=outline)
    assert [problem.split(": ")[0] for problem in problems] == [
        "study.toml, [quantities.a], range",
        "study.toml, [splits.x.parts.b], share",
        "study.toml, [sources.s], class",
    ]


def test_a_second_mistake_in_an_unread_table_is_told_too(folder):
    problems = folder.problems(outline=f'{TOP}{FLOW}sum_of = ["z", "a", "a"]\nwhen = "x"\n')
    assert [problem.split(": ")[0] for problem in problems] == [
        f"{IN_B}, when",
        IN_B,
        f"{IN_B}, sum_of",
    ]
