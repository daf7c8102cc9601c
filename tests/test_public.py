"""The public names: all there, documented, plain in their parameters, quick to import."""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import estimators as es

ROOT = Path(__file__).parents[1]
HEAVY = {"arviz", "matplotlib", "numba", "nutpie", "pandas", "pymc", "pytensor", "scipy", "xarray"}
each_name = pytest.mark.parametrize("name", es.__all__)


@each_name
def test_every_name_is_there_and_documented(name):
    found = getattr(es, name)
    assert inspect.getdoc(found)
    assert found.__name__ == name
    assert name in dir(es)


@each_name
def test_no_function_takes_just_anything(name):
    found = getattr(es, name)
    if isinstance(found, type) and issubclass(found, BaseException):
        return
    for parameter in inspect.signature(found).parameters.values():
        assert parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)


@each_name
def test_public_methods_are_documented_too(name):
    found = getattr(es, name)
    if isinstance(found, type):
        for key, method in vars(found).items():
            if callable(method) and not key.startswith("_"):
                assert inspect.getdoc(method), f"{name}.{key}"


def test_names_stand_once():
    assert len(set(es.__all__)) == len(es.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'estimat'"):
        es.__getattr__("estimat")


@pytest.mark.parametrize(
    "code",
    ["import estimators", "import estimators as es; es.read_study('data/north_korea')"],
    ids=["import", "reading"],
)
def test_importing_loads_neither_samplers_nor_plots(code):
    end = "\nimport sys\nprint(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code + end],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "estimators" in done.stdout.split()
    assert not HEAVY & set(done.stdout.split())
