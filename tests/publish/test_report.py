"""The page: what stands in it, what is escaped, and when it is refused."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest
from openpyxl import load_workbook

from estimators.evidence.claim import Source
from estimators.evidence.problems import EvidenceError
from estimators.evidence.wording import About
from estimators.inference.checks import NotPublishableError
from estimators.inference.prior import Prior
from estimators.models.choosing import assumptions_of
from estimators.models.reference import described
from estimators.publish.companions import COMPANIONS
from estimators.publish.escaping import escape, is_web, link
from estimators.publish.plates import file_name
from estimators.publish.render import write_bibliographies
from estimators.publish.report import write_report


@pytest.fixture
def page(estimate, changes, prior, study, make_checks, tmp_path):
    made = write_report(
        estimate, changes, to=tmp_path / "r", checks=make_checks(study, "waived"), prior=prior
    )
    return made.read_text("utf-8")


def test_the_page_needs_no_other_file(page):
    assert not re.search(r'(?:src|href)="(?!#|data:|https?://)', page)
    assert not re.search(r'<(?:script|link)\b[^>]*(?:src|href)="http', page)
    assert page.count("<figure") >= 6


def test_every_figure_has_a_number_a_caption_and_words(page):
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", page, re.DOTALL)
    images = re.findall(r"<img[^>]*>", page)
    assert len(captions) == len(images) == page.count("<figure")
    assert all(f"Figure\xa0{n}." in text for n, text in enumerate(captions, 1))
    assert all(re.search(r'alt="[^"]{20,}"', image) for image in images)


def test_it_holds_each_section_and_the_waived_check(page):
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    for heading in (
        "The answer",
        "What was said",
        "What was assumed",
        "What is believed",
        "What would change it",
        "What disagrees",
        "What is not known",
        "Checks",
        "All claims",
        "How to make it again",
    ):
        assert re.search(rf"<h1[^>]*>{heading}</h1>", page), heading
    assert "between 110 and 500 people" in text
    assert "Claims fix only the differences between origins" in text
    assert "Waived." in text
    assert "assumed, not estimated" in text
    assert 'href="https://p.org/a_b?x=1&amp;y=2"' in page
    assert "undercount report port --seed 1 --draws 401 --chains 1" in text
    assert "The Paper" in text.split("What disagrees")[2 if text.count("What disagrees") > 1 else 1]


def test_beside_it_lie_figures_tables_and_results(page, tmp_path):
    assert page
    folder = tmp_path / "r"
    names = {path.name for path in folder.iterdir()}
    documents = {"report.html", "report.pdf", "report.docx"}
    data = {"figures", "tables", "results.json", "manifest.json"}
    assert names == {*documents, *data, *COMPANIONS}
    results = json.loads((folder / "results.json").read_text("utf-8"))
    assert results["quantities"]["unclaimed"]["status"] == "assumed"
    assert set(results["sentences"]) == {"taken", "lost"}
    assert (folder / "tables" / "claims.csv").is_file()
    assert (folder / "figures" / "claims_taken.svg").is_file()
    digits = (folder / "tables" / "estimates.csv").read_text("utf-8")
    assert not re.search(r"\d\.\d{3,}", digits)


def test_two_runs_write_the_same_documents(estimate, prior, study, make_checks, tmp_path):
    pages = [
        write_report(estimate, to=tmp_path / name, checks=make_checks(study), prior=prior)
        for name in ("one", "two")
    ]
    assert b"--quick" in pages[0].read_bytes()
    for kind in (".html", ".pdf", ".docx"):
        first, second = (page.with_suffix(kind).read_bytes() for page in pages)
        assert first == second, kind


def test_failed_checks_refuse_with_the_remedy_and_write_nothing(
    estimate, prior, study, make_checks, tmp_path
):
    with pytest.raises(NotPublishableError, match=r"divergences: 3 of 401 draws. Sample longer."):
        write_report(estimate, to=tmp_path / "r", checks=make_checks(study, "failed"), prior=prior)
    assert not (tmp_path / "r").exists()


def test_hostile_text_comes_out_literally(
    make_study, make_claim, make_estimate, make_checks, hostile, tmp_path, prior
):
    evil = make_claim(
        "a", "taken", About(200), phrase=hostile, publisher=hostile, notes=hostile, network="n"
    )
    left = make_claim("z", "taken", About(3), used=False, why_not=hostile)
    study = make_study(
        evil,
        left,
        title=hostile,
        question=hostile,
        notes=hostile,
        sources=(Source("watch", hostile, "ngo", hostile),),
        references="@misc{k, title={<script>alert(1)</script>}, url={javascript:alert(1)}}",
    )
    estimate = make_estimate(study)
    made = write_report(
        estimate,
        to=tmp_path / "r",
        checks=make_checks(study, "waived"),
        prior=Prior(study, prior.tree),
    )
    page = made.read_text("utf-8")
    assert "<script" not in page
    assert not re.search(r'href="\s*javascript', page)
    assert "http://h/i.png" in page  # as text
    assert 'src="http' not in page
    assert page.count("<math") == 1  # the formula of the method, none of the study's
    assert "E=mc^2$ @cite |" in re.sub(r"\s+", " ", page)
    assert "<del>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_references_that_cannot_be_read_are_evidence_errors(
    make_study, make_estimate, make_checks, prior, tmp_path
):
    study = make_study(references="@article{a, title = {never closed")
    with pytest.raises(EvidenceError, match=r"references\.bib"):
        write_report(
            make_estimate(study),
            to=tmp_path / "r",
            checks=make_checks(study),
            prior=Prior(study, prior.tree),
        )


@pytest.mark.parametrize(
    "references",
    ["@article{winkler1981, title={Mine}, year=2000}", '[{"id": "winkler1981", "type": "book"}]'],
)
def test_references_of_the_study_go_before_ours(references, tmp_path):
    own, methods = write_bibliographies(references, tmp_path)
    assert own.read_text("utf-8") == references
    assert own.suffix == (".json" if references.startswith("[") else ".bib")
    assert "winkler1981" not in methods.read_text("utf-8")
    assert "radford2023" in methods.read_text("utf-8")


def test_escape_marks_every_active_letter_and_hides_none():
    assert escape("a*b\n# c\u202e\x1b[0m") == r"a\*b \# c \[0m"
    assert escape(escape("*")) == r"\*"


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://a.org/x", True),
        ("http://a.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://", False),
        ("//a.org", False),
        ("http://[", False),
    ],
)
def test_links_are_of_the_web_only(url, good):
    assert is_web(url) is good
    assert link("x", url).startswith("[x]") is good


def test_file_names_stay_in_their_folder_and_apart():
    names = {file_name("claims", id) for id in ("a.b", "a:b", "a_b", "../a", "가")}
    assert len(names) == 5
    assert all("/" not in name and "." not in name for name in names)


def test_a_study_on_a_reference_class_says_so_and_how_wrong_such_claims_were(
    study, make_estimate, prior, make_checks, tmp_path
):
    of = replace(study, category="attack")
    made = make_estimate(of, assumptions_of(of))
    checks = make_checks(of, "passed")
    page = write_report(made, None, to=tmp_path / "r", checks=checks, prior=prior)
    text = unescape(" ".join(re.sub(r"<[^>]+>", " ", page.read_text("utf-8")).split()))
    assert f"stands on the reference class {described('all')}" in re.sub("[‘’]", "'", text)
    assert "learned from known outcomes" in text
    assert re.search(r"\d+% \(one in \w+\) are off by more than a factor of two", text)
    assert (tmp_path / "r" / "figures" / "reference.svg").is_file()
    table = (tmp_path / "r" / "tables" / "assumptions.csv").read_text("utf-8")
    assert "phase_scale.before access" in table
    assert "common_sd" not in table


def test_a_study_on_none_says_that_it_rests_on_judgement(page):
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "This study stands on no reference class" in text
    assert "phase_scale" not in text


def test_rows_not_shipped_stand_in_no_file(study, make_estimate, make_checks, prior, tmp_path):
    told = replace(study, obtain="undercount import somebody FILE")
    estimate = make_estimate(told)
    folder = write_report(
        estimate, to=tmp_path / "r", checks=make_checks(told), prior=Prior(told, prior.tree)
    ).parent
    names = {path.stem for path in (folder / "tables").iterdir()}
    assert "estimates" in names
    assert not {"claims", "predicted"} & names
    sheets = load_workbook(folder / "tables.xlsx", read_only=True).sheetnames
    assert not any(name.lower() in ("claims", "predicted") for name in sheets)
