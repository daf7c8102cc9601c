"""Breakdowns along several dimensions: read, and refused with the place where they are wrong."""

from dataclasses import replace

import pytest

from estimators.evidence.claim import Claim, Source
from estimators.evidence.files import read_study
from estimators.evidence.problems import EvidenceError
from estimators.evidence.quantity import Breakdown, CellOf, Dimension, Quantity, Range, SumOf
from estimators.evidence.study import Study, rests_on, status
from estimators.evidence.when import When
from estimators.evidence.wording import About

OUTLINE = """\
title = "T"

[quantities.a]
label = "Taken"
measure = "flow"
range = [1, 1000]
reason = "r"

[quantities.p]
label = "Share"
measure = "share"
range = [10, 90]
reason = "r"

[quantities.women_tumen]
label = "Women through Tumen"
measure = "flow"
cell_of = "october"
cell = { place = "tumen", sex = "women" }

[quantities.women]
label = "Women"
measure = "flow"
cell_of = "october"
cell = { sex = "women" }

[breakdowns.october]
whole = "a"
unevenness = 0.4

[breakdowns.october.by.place.tumen]
share = [10, 60]
reason = "r"

[breakdowns.october.by.place.other]
share = [40, 90]
reason = "r"

[breakdowns.october.by.sex.women]
share = [50, 93]
reason = "r"

[breakdowns.october.by.sex.men]
share = [7, 50]
reason = "r"

[sources]
s = { name = "S", class = "media" }
"""
IN_OCTOBER = "study.toml, [breakdowns.october]"
CELL = 'cell = { place = "tumen", sex = "women" }\n'
MEN = '[breakdowns.october.by.sex.men]\nshare = [7, 50]\nreason = "r"\n'


def test_a_breakdown_and_its_cells_are_read(folder):
    folder.write(outline=OUTLINE)
    study = read_study(folder.path)
    places = Dimension("place", (("tumen", Range(10, 60, "r")), ("other", Range(40, 90, "r"))))
    sexes = Dimension("sex", (("women", Range(50, 93, "r")), ("men", Range(7, 50, "r"))))
    assert study.breakdowns == (Breakdown("october", "a", (places, sexes), 0.4),)
    cell = CellOf("october", (("place", "tumen"), ("sex", "women")))
    assert study.by_id["women_tumen"].rule == cell
    assert rests_on(study, "women") == {"women", "a"}
    assert study.order.index("a") < study.order.index("women")
    assert status(study, "women") == "through identities"
    folder.write(outline=OUTLINE.replace("unevenness = 0.4\n", ""))
    assert read_study(folder.path).breakdowns[0].unevenness == 0.3


BAD = [
    ('whole = "a"\n', "", f"{IN_OCTOBER}, whole", "it is missing", "Write whole"),
    ('whole = "a"', 'whole = "z"', f"{IN_OCTOBER}, whole", "names no quantity", "Use one of"),
    ('whole = "a"', 'whole = "p"', f"{IN_OCTOBER}, whole", "a share cannot be", "Name a flow"),
    ("0.4", "3.5", f"{IN_OCTOBER}, unevenness", "from 0 to 3. Got '3.5'", "unevenness = 0.3"),
    ("0.4", "-1", f"{IN_OCTOBER}, unevenness", "from 0 to 3", "0 where it may not"),
    ("0.4", "nan", f"{IN_OCTOBER}, unevenness", "from 0 to 3", "Write"),
    ("0.4", '"a bit"', f"{IN_OCTOBER}, unevenness", "not a number", "without quotes"),
    (MEN, "", f"{IN_OCTOBER}, by.sex", "cannot add up", "two or more levels"),
    ("[7, 50]", "[60, 70]", f"{IN_OCTOBER}, by.sex", "Got '110 to 163'", "add to less than 100"),
    ("[7, 50]", "[7, 100]", f"{IN_OCTOBER}, by.sex.men.share", "below 100", "60 to 95"),
    ("[7, 50]", "[7, 50]\nmiddle = 20", "by.sex.men], middle", "a breakdown has no", "Leave it"),
    ("[7, 50]", "[50]", "october.by.sex.men], share", "not a pair", "[low, high]"),
    ("share = [7, 50]\n", "", "october.by.sex.men], share", "it is missing", "in percent"),
    (MEN, f"{MEN}why = 1\n", "october.by.sex.men], why", "not a key", "reason, share"),
    (MEN, f'{MEN}[breakdowns.october.by]\nage = "x"\n', "october.by], age", "not a table", "age."),
    (MEN.split("\n")[0], '[breakdowns.october.by.sex."old men"]', "by.sex", "'old men'", "spaces"),
    ('cell_of = "october"\ncell = { sex', "cell = { sex", "women], cell", "needs the", "cell_of"),
    (CELL, "", "women_tumen], cell", "it is missing; cell_of", "cell = {"),
    (CELL, "cell = {}\n", "women_tumen], cell", "it names no level", "sex = "),
    (CELL, "cell = 5\n", "women_tumen.cell]", "not a table", "Write"),
    (CELL, "cell = { place = 5 }\n", "women_tumen.cell], place", "not text", "quotes"),
    (CELL, 'cell = { sax = "men" }\n', "women_tumen], cell", "not a dimension", "mean 'sex'?"),
    (CELL, 'cell = { sex = "man" }\n', "tumen], cell.sex", "not a level", "Did you mean 'men'?"),
    ('"october"\ncell = { sex', '"may"\ncell = { sex', "women], cell_of", "Got 'may'", "october"),
    (CELL, f'{CELL}sum_of = ["a"]\n', "women_tumen], cell_of", "both define it", "Keep one"),
]


@pytest.mark.parametrize(("old", "new", "place", "wrong", "remedy"), BAD, ids=range(25))
def test_a_bad_table_is_one_problem_with_its_place(folder, old, new, place, wrong, remedy):
    assert OUTLINE.count(old) == 1
    (problem,) = folder.problems(outline=OUTLINE.replace(old, new))
    assert problem.split(": ")[0].endswith(place)
    assert wrong in problem
    assert remedy in problem


def test_no_dimension_at_all(folder):
    start, end = OUTLINE.index("[breakdowns.october.by.place.tumen]"), OUTLINE.index("[sources]")
    problem, *_ = folder.problems(outline=OUTLINE[:start] + OUTLINE[end:])
    assert problem.startswith(f"{IN_OCTOBER}, by: it has no dimension.")


def test_a_whole_that_is_computed_from_its_own_cell_is_a_circle(folder):
    own = 'measure = "flow"\nrange = [1, 1000]\nreason = "r"\n'
    (problem,) = folder.problems(
        outline=OUTLINE.replace(own, 'measure = "flow"\nsum_of = ["women"]\n')
    )
    assert problem.startswith("study.toml, [quantities.")
    assert "its definition comes back to itself" in problem
    assert "women -> a" in problem


def test_cells_of_an_unread_breakdown_are_no_problem_of_their_own(folder):
    bad = OUTLINE.replace("[7, 50]", "[50]").replace('whole = "a"', 'whole = "zz"')
    problems = folder.problems(outline=bad)
    assert [problem.split(": ")[0] for problem in problems] == [
        "study.toml, [breakdowns.october.by.sex.men], share",
        f"{IN_OCTOBER}, whole",
    ]


def test_what_only_python_can_say(folder):
    shares = (("x", Range(20, 70, "r")), ("y", Range(30, 80, "r")))
    quantities = [Quantity("a", "A", "flow", Range(1, 9, "r"))]
    claims = [Claim("c", "a", About(5), "s", When.parse("2023"))]
    sound = Breakdown("b", "a", (Dimension("d", shares), Dimension("e", shares)))
    study = Study("T", "?", quantities, [Source("s", "S", "un")], claims, breakdowns=[sound])
    assert study.breakdowns == (sound,)
    for changed, wrong in (
        ({"dimensions": (Dimension("d", shares),) * 2}, "by: this dimension stands there twice"),
        ({"dimensions": (Dimension("d", (*shares, shares[0])),)}, "by.d: this level stands there"),
        ({"dimensions": ()}, "by: it has no dimension"),
        ({"unevenness": "x"}, "unevenness: it must be a number from 0 to 3"),
    ):
        with pytest.raises(EvidenceError, match=f"breakdown b, {wrong}"):
            replace(study, breakdowns=[replace(sound, **changed)])
    for levels, wrong in (
        ((("d", "x"), ("d", "y")), "cell: it names two levels of one dimension. Got 'd'"),
        ((), "cell: it names no level"),
    ):
        cell = Quantity("q", "Q", "flow", CellOf("b", levels))
        with pytest.raises(EvidenceError, match=f"quantity q, {wrong}"):
            replace(study, quantities=[*quantities, cell])
    both = Quantity("q", "Q", "flow", SumOf(("a",)))
    assert replace(study, quantities=[*quantities, both])


def test_too_many_cells_are_refused():
    def dimension(id):
        return Dimension(id, tuple((f"l{i}", Range(0.1, 9, "r")) for i in range(50)))

    huge = Breakdown("b", "a", tuple(dimension(id) for id in "def"))
    quantities = [Quantity("a", "A", "flow", Range(1, 9, "r"))]
    claims = [Claim("c", "a", About(5), "s", When.parse("2023"))]
    with pytest.raises(EvidenceError, match="have 125,000 cells together; 100,000 are the most"):
        Study("T", "?", quantities, [Source("s", "S", "un")], claims, breakdowns=[huge])
