"""What runs over time, in files: each bad table, cell and date is one problem with its place."""

import pytest

from estimators.evidence.files import read_study
from estimators.evidence.problems import EvidenceError
from estimators.evidence.quantity import Quantity, Range, RunningBalance
from estimators.evidence.rows import COLUMNS
from estimators.evidence.series import Series
from estimators.evidence.when import When

OUTLINE = """\
title = "A war"

[series.war]
start = "2022-02-24"
end = "2023-02-23"

[quantities.deaths]
label = "Killed"
measure = "flow"
series = "war"
range = [10, 1000]
reason = "r"

[quantities.women]
label = "Women killed"
measure = "flow"
part_of = "deaths"
share = "p"

[quantities.p]
label = "Share of women"
measure = "share"
range = [10, 90]
reason = "r"

[quantities.held]
label = "Held"
measure = "stock"
series = "war"
range = [10, 1000]
reason = "r"

[quantities.arrested]
label = "Arrested"
measure = "flow"

[quantities.still]
label = "Something else"
measure = "flow"
range = [10, 1000]
reason = "r"

[running_balances.custody]
stock = "held"
inflow = "arrested"
inflow_share = [1, 30]
outflows = ["deaths"]
reason = "r"

[sources]
s = { name = "S", class = "media" }
"""
HELD = '[quantities.held]\nlabel = "Held"\nmeasure = "stock"\nseries = "war"\n'
DEATHS = '[quantities.deaths]\nlabel = "Killed"\nmeasure = "flow"\nseries = "war"\n'
AREST = '[quantities.arrested]\nlabel = "Arrested"\nmeasure = "flow"\n'
END, CUSTODY = 'end = "2023-02-23"\n', "[running_balances.custody]\n"
IN_WAR, IN_CUSTODY = "study.toml, [series.war]", "study.toml, [running_balances.custody]"
RANGE = 'range = [10, 1000]\nreason = "r"\n'


class Over:
    """A folder whose study runs over time, with the optional column since."""

    def __init__(self, folder):
        self.folder = folder

    def table(self, **cells):
        given = {"quantity": "deaths", "published": "2022-05-10"} | cells
        since = given.pop("since", "")
        header = f"{','.join(COLUMNS)},since\n"
        return f"{header}{self.folder.row(**given).rstrip()},{since}\n"

    def problems(self, outline=OUTLINE, **cells):
        return self.folder.problems(outline, self.table(**cells))

    def read(self, outline=OUTLINE, **cells):
        self.folder.write(outline, self.table(**cells))
        return read_study(self.folder.path)


@pytest.fixture
def over(folder):
    return Over(folder)


def test_all_tables_and_the_column_are_read(over):
    held = 'delay = 3\ndelay_held = [10, 95]\nreason = "slow"\nmiddle = 60\n'
    law = 'path = "spline"\nlength = 30\nshared_shocks = false\nstep = "month"\n'
    study = over.read(OUTLINE.replace(END, END + law + held), since="2022-03", as_of="2022-04")
    war = study.series[0]
    assert (war.step, war.path, war.length, war.shared) == ("month", "spline", 30.0, False)
    assert (war.delay, war.delay_held) == (3, Range(10, 95, "slow", 60))
    assert study.identities == (
        RunningBalance("custody", "held", "arrested", Range(1, 30, "r"), ("deaths",)),
    )
    assert set(study.series_of) == {"deaths", "women", "held", "arrested"}
    assert study.window(study.claims[0]) == When.parse("2022-03/2022-04")
    assert "2022-05-10, of 2022-03-01 to 2022-04-30" in study._repr_html_()


def test_the_defaults_of_a_series(over):
    (war,) = over.read().series
    assert war == Series("war", war.start, war.end, "week", (), "random walk", 0.0, True, 0, None)
    dated = over.read(OUTLINE.replace(END, END + 'dates = ["2022-04-01", "2022-06-01"]\n'))
    assert (dated.series[0].step, dated.series[0].cells) == ("dates", 3)


def test_a_series_of_one_cell_is_none(over):
    week = OUTLINE.replace(END, 'end = "2022-03-02"\n')
    (problem,) = over.problems(week, published="2022-03-01")
    assert problem.startswith(f"{IN_WAR}, step: it has one cell only")
    assert over.read(week.replace("03-02", "03-03"), published="2022-03-01").series[0].cells == 2


def test_one_days_count(over):
    study = over.read(since="2022-03-08", as_of="2022-03-08")
    assert study.window(study.claims[0]) == When.parse("2022-03-08")
    assert "of 2022-03-08<" in study._repr_html_()


BAD_SERIES = [
    (END, "", f"{IN_WAR}, end", "it is missing", "Write end"),
    (END, "end = 2023-02-23\n", f"{IN_WAR}, end", "it is not text", "double quotes"),
    (END, 'end = "2023-02"\n', f"{IN_WAR}, end", "not one day but many. Got '2023-02'", "YYYY"),
    (END, 'end = "2023-02-30"\n', f"{IN_WAR}, end", "not a day of the calendar", "YYYY-MM-DD"),
    (END, 'end = "2023-02-23T10:00Z"\n', f"{IN_WAR}, end", "a time of day", "local day"),
    (END, 'end = "2022-02-01"\n', f"{IN_WAR}, end", "before it starts", "under start"),
    (END, f'{END}step = "hour"\n', f"{IN_WAR}, step", "Got 'hour'", "dates, day, month, week"),
    (END, f'{END}path = "line"\n', f"{IN_WAR}, path", "Got 'line'", "spline"),
    (END, f'{END}length = "30"\n', f"{IN_WAR}, length", "not a number", "length = 50"),
    (END, f"{END}length = -30\n", f"{IN_WAR}, length", "a number of days. Got '-30'", "0 or more"),
    (END, f'{END}shared_shocks = "no"\n', f"{IN_WAR}, shared_shocks", "neither true", "without"),
    (END, f"{END}delay = 3\n", f"{IN_WAR}, delay", "go together", "Give both"),
    (END, f"{END}delay = 3\ndelay_held = [5, 100]\nreason = 'r'\n", "held", "below 100", "Write"),
    (END, f"{END}delay = 3\ndelay_held = [5, 50]\n", f"{IN_WAR}, reason", "needs a reason", "Say"),
    (END, f"{END}reason = 'r'\n", f"{IN_WAR}, reason", "no delay_held", "add delay and"),
    (END, f"{END}middle = 4\n", f"{IN_WAR}, middle", "no delay_held", "Drop it"),
    (END, f'{END}step = "dates"\n', f"{IN_WAR}, dates", "go together", "Give dates"),
    (END, f'{END}step = "day"\ndates = ["2022-04-01"]\n', f"{IN_WAR}, dates", "go", "Give dates"),
    (END, f'{END}dates = ["2022-04"]\n', f"{IN_WAR}, dates", "many. Got '2022-04'", "Write a day"),
    (END, f'{END}dates = ["1 May"]\n', f"{IN_WAR}, dates", "not a date. Got '1 May'", "Write YYYY"),
    (END, f'{END}dates = ["2024-01-01"]\n', f"{IN_WAR}, dates", "2024-01-01 lies outside", "after"),
    (
        END,
        f'{END}dates = ["2022-05-01", "2022-05-01"]\n',
        f"{IN_WAR}, dates",
        "2022-05-01 stands there more than once",
        "List each day once.",
    ),
    (
        END,
        f'{END}dates = ["2022-06-01", "2022-05-01"]\n',
        f"{IN_WAR}, dates",
        "2022-05-01 stands behind a later day",
        "earliest day first",
    ),
    (END, f'{END}stepp = "day"\n', f"{IN_WAR}, stepp", "not a key", "Did you mean 'step'?"),
    (END, 'end = "2026-12-31"\nstep = "day"\n', f"{IN_WAR}, step", "1,772 cells; 1,500", "larger"),
    (
        END,
        f'{END}[series.x]\nstart = "2022"\nend = "2023-01-01"\n',
        "[series.x], start",
        "many",
        "YYYY",
    ),
    (
        END,
        f'{END}[series.x]\nstart = "2022-01-01"\nend = "2023-01-01"\n',
        "study.toml, [series.x]",
        "no quantity runs on it",
        'Write series = "x"',
    ),
    (DEATHS, DEATHS.replace('"war"', '"wat"'), "deaths], series", "Got 'wat'", "mean 'war'?"),
    ('measure = "share"\n', 'measure = "share"\nseries = "war"\n', "p], series", "not run", "Drop"),
]
BAD_BALANCES = [
    ("inflow_share = [1, 30]\n", "", f"{IN_CUSTODY}, inflow_share", "is missing", "in percent"),
    ("[1, 30]", "[30, 1]", f"{IN_CUSTODY}, inflow_share", "not 30 to 1", "lower one first"),
    ("[1, 30]", "[1, 100]", f"{IN_CUSTODY}, inflow_share", "below 100", "inflow_share = [60"),
    ('"held"', '"heldd"', "custody]", "names no quantity", "Did you mean 'held'?"),
    ('["deaths"]', '["deaths", "x"]', IN_CUSTODY, "names no quantity", "Use one of"),
    ('["deaths"]', '["deaths", "deaths"]', f"{IN_CUSTODY}, outflows", "twice", "List each"),
    ('["deaths"]', '["p"]', f"{IN_CUSTODY}, outflows", "not a flow but a share", "Name a flow"),
    ('["deaths"]', '["still"]', f"{IN_CUSTODY}, outflows", "not run on war", "still]"),
    ('["deaths"]', '["arrested"]', "arrested]", "comes back to itself", "Break the circle"),
    (AREST, f'{AREST}series = "war"\n', f"{IN_CUSTODY}, inflow", "series of its own", "Drop"),
    (AREST, AREST + RANGE, "arrested]", "2 rules define it", "Drop all but one"),
    (AREST, AREST.replace("flow", "stock"), f"{IN_CUSTODY}, inflow", "not a flow", "Name a flow"),
    (HELD, HELD.replace('series = "war"\n', ""), f"{IN_CUSTODY}, stock", "does not run", "Write"),
    (HELD, HELD.replace("stock", "flow"), f"{IN_CUSTODY}, stock", "not a stock", "Name a stock"),
    (
        CUSTODY,
        f'[quantities.more]\nlabel = "M"\nmeasure = "flow"\n[running_balances.again]\n'
        f'stock = "held"\ninflow = "more"\ninflow_share = [1, 9]\nreason = "r"\n{CUSTODY}',
        "[quantities.held], series",
        "the stock of 2 running balances",
        "Keep one",
    ),
    (
        "[quantities.still]",
        f"{HELD.replace('held', 'jailed')}{RANGE}[quantities.still]",
        "[quantities.jailed], series",
        "needs a running balance",
        'stock = "jailed"',
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "place", "wrong", "remedy"), BAD_SERIES + BAD_BALANCES, ids=range(45)
)
def test_a_bad_table_is_one_problem_with_its_place(over, old, new, place, wrong, remedy):
    assert OUTLINE.count(old) == 1 or old in ('"held"', "[1, 30]")
    (problem, *more) = over.problems(OUTLINE.replace(old, new))
    assert not [other for other in more if "heldd" not in new], more
    assert problem.split(": ")[0].endswith(place)
    assert wrong in problem
    assert remedy in problem


def test_every_problem_of_a_series_is_told_at_once(over):
    bad = 'end = "x"\nstep = "hour"\npath = "line"\ndates = ["2022-04-01", "May"]\n'
    problems = over.problems(OUTLINE.replace(END, bad))
    columns = [problem.split(": ")[0].split(", ")[-1] for problem in problems]
    assert columns == ["end", "dates", "step", "path"]
    bad = f'{END}dates = ["2022-05-01", "2022-04-01", "2022-04-01"]\nlength = -1\ndelay = 2\n'
    problems = over.problems(OUTLINE.replace(END, bad))
    columns = [problem.split(": ")[0].split(", ")[-1] for problem in problems]
    assert columns == ["dates", "dates", "length", "delay"]


@pytest.mark.parametrize("key", ["stock", "inflow"])
def test_a_running_balance_needs_its_terms(over, key):
    value = {"stock": "held", "inflow": "arrested"}[key]
    problem, _ = over.problems(OUTLINE.replace(f'{key} = "{value}"\n', ""))
    assert problem.startswith(f"{IN_CUSTODY}, {key}: it is missing. Write {key}")


def test_what_refers_to_an_unread_series_is_no_problem_of_its_own(over):
    problems = over.problems(OUTLINE.replace(END, ""), since="2022-03", method="running total")
    assert [problem.split(": ")[0] for problem in problems] == [f"{IN_WAR}, end"]


def test_a_second_mistake_in_an_unread_balance_is_told_too(over):
    bad = OUTLINE.replace("[1, 30]", "[30]").replace('["deaths"]', '["zz"]')
    assert [problem.split(": ")[0] for problem in over.problems(bad)] == [
        f"{IN_CUSTODY}, inflow_share",
        IN_CUSTODY,
    ]


AFTER = {"published": "2023-05-01"}
BAD_CLAIMS = [
    (AFTER, "as_of", "published after the series war", "State as_of"),
    ({"published": "2022-01"}, "as_of", "published before the series war", "State as_of"),
    ({"as_of": "2023-02-24"}, "as_of", "counts until 2023-02-24, after the series", "Mend as_of"),
    ({"as_of": "2022-02-23"}, "as_of", "2022-02-23, before the series", "Mend as_of"),
    ({"as_of": "2023-02"}, "as_of", "counts until 2023-02-28, after", "end later"),
    ({"since": "2022-02"}, "since", "from 2022-02-01 on, before the series", "Leave it empty"),
    ({"since": "2022-06"}, "since", "later day than it counts to (2022-05-10)", "Mend since"),
    ({"since": "2022-06", "as_of": "2022-05"}, "since", "later day than it counts to", "Mend"),
    ({"quantity": "held", "since": "2022-03"}, "since", "a stock is of one day", "Leave it empty"),
    ({"quantity": "still", "since": "2022-03"}, "since", "does not run over time", "Leave it"),
    ({"quantity": "p", "value": "60", "since": "2022"}, "since", "does not run over", "Leave it"),
    ({"since": "2022-03-01T10:00+02:00"}, "since", "not a date but a time of day", "local day"),
    ({"since": "March"}, "since", "it is not a date", "Write YYYY-MM-DD"),
    ({"as_of": "2022-03-01 10:00"}, "as_of", "not a date but a time of day", "say so in notes"),
    ({"published": "2022-03-01T10:00Z"}, "published", "not a date but a time", "the local day"),
    ({"quantity": "still", "method": "running total"}, "method", "not run", 'Or write series = "'),
    ({"quantity": "held", "method": "running total"}, "method", "a stock has no running", "Leave"),
    (
        {"quantity": "p", "value": "60", "method": "running total"},
        "method",
        "a share has no running total",
        "Leave method empty",
    ),
    (
        {"wording": "hundreds", "value": "", "method": "running total"},
        "method",
        "one number, not 'hundreds'",
        "coding rule.",
    ),
]


@pytest.mark.parametrize(("cells", "column", "wrong", "remedy"), BAD_CLAIMS, ids=range(19))
def test_a_bad_claim_is_one_problem_with_its_place(over, cells, column, wrong, remedy):
    (problem,) = over.problems(**cells)
    assert problem.startswith(f"claims.csv row 2, {column}: ")
    assert wrong in problem
    assert remedy in problem


@pytest.mark.parametrize("cells", [AFTER, {"since": "2022-02"}, {"as_of": "2024"}])
def test_a_claim_that_is_not_used_may_speak_of_other_days(over, cells):
    row = over.folder.row(id="c0", quantity="deaths", published="2022-05").rstrip() + ","
    claims = f"{over.table(**cells, used='no', why_not='other days')}{row}\n"
    over.folder.write(OUTLINE, claims)
    assert len(read_study(over.folder.path).claims) == 2


def test_a_floor_and_a_ceiling_of_other_days_make_no_interval(over):
    floor = over.table(id="f", wording="at least", as_of="2022-03")
    ceiling = over.folder.row(
        quantity="deaths", wording="up to", value="900", as_of="2022-04", pairs_with="f"
    )
    (problem,) = over.folder.problems(OUTLINE, f"{floor}{ceiling.rstrip()},\n")
    assert problem.startswith("claims.csv row 3, pairs_with: the two count different days.")


TWO_PATHS = [
    ('share = "p"\n', 'share = "p"\nseries = "war"\n', "women", "computed from deaths"),
    (
        "[sources]",
        '[quantities.both]\nlabel = "B"\nmeasure = "flow"\nseries = "war"\n'
        'sum_of = ["deaths", "women"]\n[sources]',
        "both",
        "computed from deaths",
    ),
]


@pytest.mark.parametrize(("old", "new", "id", "wrong"), TWO_PATHS, ids=["part", "sum"])
def test_what_is_computed_from_what_runs_has_no_series_of_its_own(over, old, new, id, wrong):
    problem, *_ = over.problems(OUTLINE.replace(old, new))
    assert problem.startswith(f"study.toml, [quantities.{id}], series: it runs by itself")
    assert wrong in problem
    assert "Drop series here" in problem


SPLIT = (
    '[splits.hurt]\nwhole = "still"\nparts.a = { share = [10, 60], reason = "r" }\n'
    'parts.b = { share = [40, 90], reason = "r" }\n'
    '[quantities.a]\nlabel = "A"\nmeasure = "flow"\nseries = "war"\n'
    '[quantities.b]\nlabel = "B"\nmeasure = "flow"\nseries = "war"\n[sources]'
)


def test_the_whole_of_a_split_runs_as_its_parts_do(over):
    outline = OUTLINE.replace("[sources]", SPLIT)
    assert over.read(outline, quantity="still", since="2022-03").series_of["still"].id == "war"
    one = outline.replace('[quantities.b]\nlabel = "B"\nmeasure = "flow"\nseries = "war"', "X")
    one = one.replace("X", '[quantities.b]\nlabel = "B"\nmeasure = "flow"')
    assert "still" not in over.read(one).series_of


def test_such_a_whole_is_not_computed_from_what_runs(over):
    outline = OUTLINE.replace("[sources]", SPLIT)
    still = '[quantities.still]\nlabel = "Something else"\nmeasure = "flow"\n'
    bad = outline.replace(still + RANGE, f'{still}part_of = "deaths"\nshare = "p"\n')
    (problem,) = over.problems(bad)
    assert problem.startswith("study.toml, [quantities.still]: it runs as the parts of its split")
    assert "Drop series under the parts" in problem


def test_too_many_cells_of_all_are_refused(over):
    many = "".join(
        f'[quantities.q{i}]\nlabel = "Q"\nmeasure = "flow"\nseries = "war"\n{RANGE}'
        for i in range(300)
    )
    daily = OUTLINE.replace(END, f'{END}step = "day"\n').replace("[sources]", f"{many}[sources]")
    (problem,) = over.problems(daily)
    assert problem.startswith("study.toml: series and breakdowns have 110,595 cells together")
    assert "series war: 365 cells of 303 quantities" in problem
    assert over.read(daily.replace('"day"', '"week"'))


def test_dates_of_a_balance_meet(north_korea, folder):
    # One balance with its dates right, then each of them wrong.
    sound = (
        'title = "T"\n[quantities.x]\nlabel = "X"\nmeasure = "stock"\nwhen = "2023-03"\n'
        '[quantities.y]\nlabel = "Y"\nmeasure = "stock"\nwhen = "2023-06-13"\n'
        f'{RANGE}[quantities.a]\nlabel = "A"\nmeasure = "flow"\nwhen = "2023-03/2023-05"\n{RANGE}'
        '[quantities.i]\nlabel = "I"\nmeasure = "flow"\nwhen = "2023-03-20/2023-06-13"\n'
        '[balances.b]\nbefore = "x"\nafter = "y"\noutflows = ["a"]\ninflow = "i"\n'
        'inflow_share = [1, 9]\nreason = "r"\n[sources]\ns = { name = "S", class = "media" }\n'
    )
    folder.write(outline=sound)
    assert read_study(folder.path)
    for old, new, start in (
        ('"2023-06-13"\nrange', '"2023-02"\nrange', "before: the stock before (2023-03) is of"),
        (
            '"2023-03/2023-05"',
            '"2023-02/2023-05"',
            "outflows: its days (2023-02-01/2023-05-31) do not",
        ),
        ('"2023-03-20/2023-06-13"', '"2023-06"', "inflow: its days (2023-06) do not lie between"),
    ):
        (problem,) = folder.problems(outline=sound.replace(old, new))
        assert problem.startswith(f"study.toml, [balances.b], {start}")
        folder.write(outline=sound.replace(old, '""') if "range" not in old else sound)
        assert read_study(folder.path)


def test_in_python_each_kind_of_part_is_looked_at(north_korea):
    from dataclasses import replace

    war = Series("war", When.parse("2022").start, When.parse("2022").end)
    deaths = Quantity("deaths", "D", "flow", Range(1, 9, "r"), series="war")
    quantities = (*north_korea.quantities, deaths)
    assert replace(north_korea, quantities=quantities, series=[war]).series == (war,)
    with pytest.raises(EvidenceError, match=r"series\[0\]: it is not a Series"):
        replace(north_korea, series=["war"])
    with pytest.raises(EvidenceError, match=r"breakdowns\[0\]: it is not a Breakdown"):
        replace(north_korea, breakdowns=["october"])
    with pytest.raises(EvidenceError, match="series war, id: the id stands 2 times"):
        replace(north_korea, quantities=quantities, series=[war, war])
    twice = [RunningBalance("x", "s", "i", Range(1, 9, "r"), ())] * 2
    with pytest.raises(EvidenceError, match="running_balance x, id: the id stands 2 times"):
        replace(north_korea, identities=twice)
