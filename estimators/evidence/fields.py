"""The keys of a TOML table, read one by one; what is wrong is noted, and reading goes on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from estimators.evidence.problems import Problem, Unfit, suggestion

_MISSING = object()


class Fields:
    """One table of study.toml: hands out its values by type and notes every problem.

    A value that is missing or wrong is handed out as an empty one. `sound` says whether all that
    was asked for was there and right.
    """

    def __init__(self, file: str, path: str, table: Any, problems: list[Problem]) -> None:
        self.file, self.path = file, path
        self.subject = f"{file}, [{path}]" if path else file
        self._problems = problems
        self._asked: dict[str, None] = {}
        self.sound = True
        self.is_table = isinstance(table, dict)
        self._table: dict[str, Any] = table if isinstance(table, dict) else {}
        if not self.is_table:
            self.wrong("", "it is not a table.", f"Write [{path}] and its keys below it.", table)

    def has(self, key: str) -> bool:
        """Return whether the key stands there with anything in it."""
        self._asked[key] = None
        return self._table.get(key, "") not in ("", [], {})

    def stands(self, key: str) -> bool:
        """Return whether the key stands there, be it with an empty value."""
        return key in self._table

    def is_text(self, key: str) -> bool:
        """Return whether a text stands under a key."""
        return isinstance(self._table.get(key), str)

    def keys(self) -> tuple[str, ...]:
        """Return the keys of the table."""
        return tuple(self._table)

    def text(self, key: str, needed: bool = False) -> str:
        """Return a text, '' where there is none."""
        given = self._get(key)
        if given is _MISSING:
            given = ""
        if not isinstance(given, str):
            self.wrong(key, "it is not text.", f'Put it in double quotes: {key} = "…".', given)
            return ""
        if needed and not given.strip():
            wrong = "it is empty." if key in self._table else "it is missing."
            self.wrong(key, wrong, f'Write {key} = "…" in this table.')
        return given

    def choice(self, key: str, allowed: Collection[str], default: str = "") -> str:
        """Return one of the allowed texts."""
        given = self._get(key)
        if given is _MISSING and default:
            return default
        if not isinstance(given, str) or given not in allowed:
            missing = given is _MISSING
            wrong = "it is missing." if missing else "it is none of the words known here."
            remedy = suggestion("" if missing else str(given), allowed)
            self.wrong(key, wrong, remedy, "" if missing else given)
            return default
        return given

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty where there is none."""
        given = self._get(key)
        if given is _MISSING:
            return ()
        if not isinstance(given, list) or not all(isinstance(item, str) for item in given):
            remedy = f'Write {key} = ["first_id", "second_id"].'
            self.wrong(key, "it is not a list of texts.", remedy, given)
            return ()
        return tuple(given)

    def ends(self, key: str) -> tuple[float, float] | None:
        """Return the two numbers of a range, None where there is none."""
        given = self._get(key)
        if given is _MISSING:
            return None
        numbers = [_number(item) for item in given] if isinstance(given, list) else []
        if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
            remedy = f"Write {key} = [low, high]: two numbers without quotes and separators."
            self.wrong(key, "it is not a pair of numbers.", remedy, given)
            return None
        return numbers[0], numbers[1]

    def number(self, key: str, needed: bool = False) -> float | None:
        """Return a number, None where there is none."""
        given = self._get(key)
        if given is _MISSING:
            if needed:
                self.wrong(key, "it is missing.", f"Write {key} = 0.5 in this table.")
            return None
        number = _number(given)
        if number is None:
            remedy = f"Write {key} = 50: a number without quotes and separators."
            self.wrong(key, "it is not a number.", remedy, given)
        return number

    def flag(self, key: str, default: bool) -> bool:
        """Return true or false, the default where neither stands there."""
        given = self._get(key)
        if isinstance(given, bool):
            return given
        if given is not _MISSING:
            remedy = f"Write {key} = true or {key} = false, without quotes."
            self.wrong(key, "it is neither true nor false.", remedy, given)
        return default

    def values(self, key: str) -> tuple[tuple[str, str | float], ...]:
        """Return each name in the table under a key with its number or text."""
        inner = self.table(key)
        pairs = tuple((name, inner.value(name)) for name in inner._table)
        self.sound = self.sound and inner.sound
        return pairs

    def value(self, key: str) -> str | float:
        """Return a number or a text."""
        given = self._get(key)
        number = _number(given)
        if number is not None and abs(number) < float("inf"):
            return number
        if isinstance(given, str) and given.strip():
            return given
        missing = given is _MISSING
        wrong = "it is missing." if missing else "it is neither a finite number nor text."
        remedy = f'Write {key} = 0.5 or {key} = "name".'
        self.wrong(key, wrong, remedy, "" if missing else given)
        return ""

    def are_tables(self, key: str) -> bool:
        """Return whether what stands under a key is a table, or nothing stands there."""
        return isinstance(self._table.get(key, {}), dict)

    def tables(self, key: str) -> Iterator[tuple[str, Fields]]:
        """Yield each table inside this one with its id."""
        given = self._get(key)
        path = f"{self.path}.{key}" if self.path else key
        if given is _MISSING:
            return
        if not self.are_tables(key):
            self.wrong(key, "it is not a table.", f"Write [{path}.some_id] tables.", given)
            return
        for id, table in given.items():
            inner = Fields(self.file, f"{path}.{id}", table, self._problems)
            yield id, inner
            self.sound = self.sound and inner.sound

    def nested(self, key: str) -> Iterator[tuple[str, list[tuple[str, Fields]]]]:
        """Yield each table inside the one under a key: its id, and the tables inside it."""
        inner = self.table(key)
        for id in inner._table:
            leaves = list(inner.tables(id))
            yield id, leaves
            self.sound = self.sound and all(leaf.sound for _, leaf in leaves)
        self.sound = self.sound and inner.sound

    def words_of(self, key: str) -> tuple[tuple[str, str], ...]:
        """Return each name in the table under a key with its text, where there is one."""
        inner = self.table(key)
        pairs = [(name, inner.text(name, needed=True)) for name in inner._table]
        self.sound = self.sound and inner.sound
        return tuple((name, text) for name, text in pairs if text)

    def table(self, key: str) -> Fields:
        """Return the one table under a key, an empty one where there is none."""
        given = self._get(key)
        path = f"{self.path}.{key}" if self.path else key
        return Fields(self.file, path, {} if given is _MISSING else given, self._problems)

    def make[Made](self, key: str, make: Callable[[], Made]) -> Made | None:
        """Return what is made, or note why it cannot be and return None."""
        try:
            return make()
        except Unfit as error:
            self.wrong(error.column or key, error.wrong, error.remedy, self._table.get(key, ""))
            return None

    def only(self, keys: Collection[str], why: str, remedy: str) -> None:
        """Note each of the keys that stands there although nothing would read it."""
        for key in keys:
            if key in self._table:
                self.wrong(key, why, remedy, self._table[key])

    def close(self) -> bool:
        """Note every key that nobody asked for, and return whether the table is sound."""
        for key, given in self._table.items():
            if key not in self._asked:
                remedy = suggestion(key, self._asked)
                self.wrong(key, "it is not a key of this table.", remedy, given)
        return self.sound

    def wrong(self, key: str, wrong: str, remedy: str, got: Any = "") -> None:
        """Note a problem of one key."""
        self.sound = False
        shown = got if isinstance(got, str) else _as_toml(got)
        self._problems.append(Problem(self.subject, wrong, remedy, key, shown))

    def shown(self, key: str) -> str:
        """Return what stands under a key as an error shows it."""
        given = self._table.get(key, "")
        return given if isinstance(given, str) else _as_toml(given)

    def words(self) -> Iterator[str]:
        """Yield every key and text in this table: what it may have defined."""
        yield from _words(self._table)

    def _get(self, key: str) -> Any:
        self._asked[key] = None
        return self._table.get(key, _MISSING)


def _number(given: Any) -> float | None:
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    try:
        return float(given)
    except OverflowError:
        return float("inf")


def _as_toml(given: Any) -> str:
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, dict):
        return "a table with " + ", ".join(given) if given else "an empty table"
    try:
        return str(given)
    except ValueError:  # Python prints no integer of more than 4,300 digits
        return "a very long number"


def _words(given: Any) -> Iterator[str]:
    match given:
        case str():
            yield given
        case list():
            for item in given:
                yield from _words(item)
        case dict():
            for key, item in given.items():
                yield key
                yield from _words(item)
