"""Classes, coverages, anchors and scenarios: what is read, and what is refused with its remedy."""

import pytest

from estimators.evidence.choice_rules import left_out
from estimators.evidence.choices import Anchor, Coverage, Scenario, SourceClass
from estimators.evidence.claim import Claim, Source
from estimators.evidence.files import read_study
from estimators.evidence.problems import EvidenceError
from estimators.evidence.quantity import Quantity, Range
from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.evidence.wording import About

CLASS = "[classes.own]\nspread = {}\nreason = {}\n"
ANCHOR = '[anchors.x]\nreason = "r"\n'
REGISTER = f'{ANCHOR}quantity = "a"\n'
SOUND = f"{REGISTER}value = 50\ncomplete_within = 5\n"
LIST = '[anchors.l]\nquantity = "a"\nfloor = 45\nused = false\nreason = "r"\n'
RUN = '[scenarios.y]\nreason = "r"\n'
X, Y = "[anchors.x]", "[scenarios.y]"

BAD = [
    (CLASS.format("0", '"r"'), "[classes.own], spread", "above 0", "Write e.g. spread = 0.4."),
    (CLASS.format("5.1", '"r"'), "[classes.own], spread", "Got '5.1'", "spread = 0.4."),
    (CLASS.format("nan", '"r"'), "[classes.own], spread", "not nan", "spread = 0.4."),
    (CLASS.format('"wide"', '"r"'), "own], spread", "it is not a number", "without quotes"),
    (CLASS.format("1", '" "'), "[classes.own], reason", "it is empty", "Write reason"),
    ('[classes.own]\nreason = "r"', "[classes.own], spread", "it is missing", "Write spread"),
    (CLASS.format("1", '"r"') + "wide = 1", "own], wide", "not a key", "Use one of"),
    (
        CLASS.replace("own", "media").format("1", '"r"'),
        "[classes.media], id",
        "built in",
        'Change [assumptions."origin_scale.media"] instead',
    ),
    (CLASS.replace("own", '"a b"').format("1", '"r"'), "[classes.a b], id", "an id", "spaces"),
    ('[coverages.c]\nrange = [5, 100]\nreason = "r"', "[coverages.c], range", "below 100", "name"),
    ('[coverages.c]\nrange = [9, 5]\nreason = "r"', "[coverages.c], range", "9 to 5", "[low,"),
    ("[coverages.c]\nrange = [5, 9]", "[coverages.c], reason", "needs a reason", "Say where"),
    ('[coverages.c]\nreason = "r"', "[coverages.c], range", "it is missing", "Add range"),
    (REGISTER, X, "it holds no number", "Give either value with"),
    (f"{SOUND}floor = 4", X, "a register and a floor", "or floor, or lists."),
    (f"{REGISTER}value = 5", f"{X}, complete_within", "go together", "Give either"),
    (f"{REGISTER}complete_within = 5", f"{X}, value", "go together", "Give either"),
    (f"{REGISTER}value = 0\ncomplete_within = 5", f"{X}, value", "share of none", "drop the"),
    (f"{ANCHOR}quantity = 'm'\nfloor = 0", f"{X}, floor", "positive, finite", "whole, positive"),
    (f"{REGISTER}floor = -4", f"{X}, floor", "not -4", "whole, positive"),
    (f"{REGISTER}floor = inf", f"{X}, floor", "not inf", "whole, positive"),
    (f"{REGISTER}floor = 4.5", f"{X}, floor", "a count is a whole number", "whole, positive"),
    (f"{REGISTER}floor = '4'", f"{X}, floor", "it is not a number. Got '4'", "without quotes"),
    (f"{SOUND}used = 'no'", f"{X}, used", "neither true nor false", "used = true or"),
    (f"{REGISTER}value = 5\ncomplete_within = 0", f"{X}, complete_within", "between 0", "= 5 for"),
    (f"{REGISTER}value = 5\ncomplete_within = 100", f"{X}, complete_within", "Got '100'", "= 5"),
    (f"{ANCHOR}quantity = 'p'\nfloor = 40", f"{X}, quantity", "it is a share", "make it a claim"),
    (f"{ANCHOR}quantity = 'aa'\nfloor = 40", f"{X}, quantity", "not a quantity", "mean 'a'?"),
    (f"{ANCHOR}floor = 40", f"{X}, quantity", "it is missing", "Write quantity"),
    ('[anchors.x]\nquantity = "a"\nfloor = 40', f"{X}, reason", "it is missing", "Write reason"),
    (SOUND.replace(".x]", ".c1]"), "[anchors.c1], id", "a claim has this id", "of its own"),
    (RUN, Y, "it changes nothing", "or drop it"),
    (f"{RUN}reading = 'neutral'", Y, "it changes nothing", "or drop it"),
    (f"{LIST}{RUN}without = ['l']", Y, "it changes nothing", "or drop it"),
    (f"{RUN}reading = 'floor'", f"{Y}, reading", "none of the words", "Did you mean 'floors'?"),
    (f"{SOUND}{RUN}without = ['xx']", f"{Y}, without", "has this name", "mean 'x'?"),
    (f"{RUN}without = ['s']", f"{Y}, without", "no used claim would be left", "Leave out less."),
    (f"{RUN}without = 's'", f"{Y}, without", "not a list of texts", "second_id"),
    (f"{LIST}{RUN}with_anchors = ['ll']", f"{Y}, with_anchors", "not an anchor", "mean 'l'?"),
    (f"{SOUND}{RUN}with_anchors = ['x']", f"{Y}, with_anchors", "in any case", "used = false"),
    (f"{RUN}assumptions = {{ q = true }}", "y.assumptions], q", "neither a finite", "q = 0.5"),
    (f"{RUN}assumptions = 5", "[scenarios.y.assumptions]", "it is not a table", "Write"),
    ("[scenarios.y]\nreading = 'floors'", f"{Y}, reason", "it is missing", "Write reason"),
]


@pytest.mark.parametrize(("more", "place", "wrong", "remedy"), BAD)
def test_a_bad_table_is_one_problem_with_its_name(folder, more, place, wrong, remedy):
    (problem,) = folder.problems(outline=f"{folder.outline}{more}\n")
    assert problem.split(": ")[0].endswith(place)
    assert wrong in problem
    assert remedy in problem


def test_everything_that_is_sound_is_read(folder):
    run = (
        f"{RUN}reading = 'signed'\nwithout = ['own', 'n']\nwith_anchors = ['l']\n"
        'assumptions = { common_sd = 0.4, "origin_scale.own" = 1, early_error = "half" }\n'
    )
    source = 't = { name = "T", class = "own", side = "ru" }\n'
    outline = folder.outline + source + CLASS.format("0.9", '"r"') + SOUND + LIST + run
    folder.write(
        outline=outline,
        claims=folder.table(folder.row(), folder.row(id="d", origin="t", network="n")),
    )
    study = read_study(folder.path)
    assert study.classes == (SourceClass("own", 0.9, "r"),)
    assert study.class_spreads == {"own": 0.9}
    assert study.sources[1].side == "ru"
    assert study.anchors == (
        Anchor("x", "a", "r", 50, 5),
        Anchor("l", "a", "r", floor=45, used=False),
    )
    chosen = (("common_sd", 0.4), ("origin_scale.own", 1.0), ("early_error", "half"))
    (scenario,) = study.scenarios
    assert scenario == Scenario("y", "r", "signed", ("own", "n"), ("l",), chosen)


def test_a_name_that_no_claim_bears_is_told_with_the_others(folder):
    problems = folder.problems(outline=f"{folder.outline}{RUN}without = ['n', 'ss', 'media']\n")
    assert [problem.split(" Got")[1].split(".")[0] for problem in problems] == [
        " 'n'",
        " 'ss'",
    ]


def test_a_mistake_is_not_told_twice_and_hides_no_other(folder):
    outline = folder.outline.replace('class = "media"', 'class = "own"').replace(
        "[1, 1000]", "[9, 1]"
    )
    outline += CLASS.format("'x'", '"r"') + '[coverages.city]\nrange = 5\nreason = "r"\n'
    outline += f"{LIST}floorx = 1\n{ANCHOR}quantity = 'zz'\nfloor = 'x'\n"
    outline += f"{RUN}without = ['own', 'l', 'qq']\nreading = 1\n[sources.t]\nclass = 'zz'\n"
    claims = folder.table(folder.row()).replace("\n", ",coverage\n", 1).replace('""\n', '"",city\n')
    problems = folder.problems(outline=outline, claims=claims)
    assert {problem.split(": ")[0].removeprefix("study.toml, ") for problem in problems} == {
        "[quantities.a], range",
        "[classes.own], spread",
        "[coverages.city], range",
        "[anchors.l], floorx",
        f"{X}, floor",
        f"{X}, quantity",
        f"{Y}, reading",
        f"{Y}, without",
        "[sources.t], name",
        "[sources.t], class",
    }
    assert len(problems) == 10


def built(**changed):
    claims = [Claim(id, "a", About(9), id[0], When.parse("2023"), id[1:]) for id in ("sn", "tm")]
    sources = [Source("s", "S", "media"), Source("t", "T", "own")]
    quantities = [Quantity("a", "A", "flow", Range(1, 99, "r"))]
    given = {"classes": [SourceClass("own", 0.9, "r")]} | changed
    return Study("T", "?", quantities, sources, claims, **given)


WRONG = [
    ({"classes": []}, "source t, class: unknown class. Got 'own'."),
    ({"classes": [SourceClass("own", "x", "r")]}, "class own, spread: it is not a number but str."),
    ({"classes": [SourceClass("own", 1, " ")]}, "class own, reason: it needs a reason."),
    ({"classes": [SourceClass("own", 1, "r")] * 2}, "class own, id: the id stands 2 times."),
    ({"classes": ["own"]}, "study, classes[0]: it is not a SourceClass. Got \"'own'\"."),
    ({"anchors": [Anchor("x", "a", "r", floor="5")]}, "anchor x, floor: it is not a number but"),
    ({"anchors": [Anchor("x", "a", "r", floor=True)]}, "anchor x, floor: it is not a number but"),
    ({"anchors": [Anchor("x", "a", "", floor=5)]}, "anchor x, reason: it needs a reason."),
    ({"anchors": [Anchor("x y", "a", "r", floor=5)]}, "anchor x y, id: it cannot be an id."),
    ({"anchors": [5]}, "study, anchors[0]: it is not a Anchor."),
    ({"coverages": [Coverage("c", Range(1, 100, "r"))]}, "coverage c, range: a coverage is in"),
    ({"coverages": [Coverage("c d", Range(1, 9, "r"))]}, "coverage c d, id: it cannot be an id."),
    ({"scenarios": [Scenario("y", " ", "floors")]}, "scenario y, reason: it needs a reason."),
    ({"scenarios": [Scenario("y", "r", "flors")]}, "scenario y, reading: unknown reading."),
    ({"scenarios": [Scenario("y z", "r", "floors")]}, "scenario y z, id: it cannot be an id."),
    ({"scenarios": [Scenario("y", "r", "floors")] * 2}, "scenario y, id: the id stands 2 times."),
]


@pytest.mark.parametrize(("changed", "begins"), WRONG)
def test_wrong_parts_of_a_study_in_python_are_refused_by_name(changed, begins):
    with pytest.raises(EvidenceError) as caught:
        built(**changed)
    (problem,) = caught.value.problems
    assert str(problem).startswith(begins)
    assert problem.remedy.endswith(".")


@pytest.mark.parametrize("name", ["t", "m", "own", "tm"])
def test_a_scenario_leaves_out_all_that_has_a_name(name):
    study = built(scenarios=[Scenario("y", "r", without=[name])])
    assert left_out(study, study.scenarios[0]) == {"tm"}


def test_a_scenario_takes_lists_but_no_single_text():
    assert Scenario("y", "r", without=["t"]) == Scenario("y", "r", without=("t",))
    with pytest.raises(ValueError, match="without: it is a text, not a list"):
        Scenario("y", "r", without="t")


def test_a_scenario_leaves_out_anchors_too():
    anchors = [Anchor("x", "a", "r", floor=5)]
    study = built(anchors=anchors, scenarios=[Scenario("y", "r", without=("x",))])
    assert left_out(study, study.scenarios[0]) == {"x"}


def test_runs_with_less_in_them_drop_the_scenarios():
    study = built(scenarios=[Scenario("y", "r", without=("t",))])
    assert study.without(origin="t").scenarios == ()
    assert study.only(origin="t").scenarios == ()
