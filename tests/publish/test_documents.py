"""The three documents read back: the same numbers, numbered alike, and open to all readers."""

import json
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import docx
import pikepdf
import pypdfium2
import pytest
from docx.oxml.ns import qn

from estimators.evidence.claim import Source
from estimators.evidence.problems import EvidenceError
from estimators.evidence.wording import About
from estimators.inference.prior import Prior
from estimators.publish.documents import write_documents
from estimators.publish.fonts import StyleError
from estimators.publish.front import Front, front_of, newest
from estimators.publish.house import default_house
from estimators.publish.report import write_report
from estimators.publish.rounding import Printed
from tests.publish.conftest import (
    changes_of,
    checks_of,
    claim,
    estimate_of,
    study_of,
    three_claims,
    tree_of,
)


def written(study, to, changes=True):
    """Return the folder of a report on made-up draws, and the estimate."""
    estimate = estimate_of(study)
    given = changes_of(estimate) if changes else None
    prior = Prior(study, tree_of(study, 1.2, "prior"))
    write_report(estimate, given, to=to, checks=checks_of(study, "waived"), prior=prior)
    return to, estimate


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return written(study_of(), tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def folder(report):
    return report[0]


@pytest.fixture(scope="module")
def pdf(folder):
    with pikepdf.open(folder / "report.pdf") as made:
        yield made


def elements(node):
    """Yield the kind, and the words where there are any, of every element of a tagged PDF."""
    if isinstance(node, pikepdf.Array):
        for part in node:
            yield from elements(part)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield str(node.S), str(node.get("/Alt", ""))
        if "/K" in node:
            yield from elements(node.K)


def text_of(path):
    with pypdfium2.PdfDocument(path) as made:
        pages = (made[k].get_textpage().get_text_range() for k in range(len(made)))
        return " ".join("\n".join(pages).replace("\ufffe", "").split())


def figures_of(folder):
    paths = sorted((folder / "figures").glob("*.json"))
    return [json.loads(path.read_text("utf-8")) for path in paths]


def test_the_pdf_says_that_it_is_for_archives_and_screen_readers(pdf):
    told = pdf.open_metadata()
    assert told["pdfaid:part"] == "2"
    assert told["pdfaid:conformance"] == "A"
    assert told["pdfuaid:part"] == "1"
    assert told["dc:title"] == "Taken from the port"
    assert str(pdf.Root.Lang) == "en"
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.ViewerPreferences.DisplayDocTitle


def test_every_figure_of_the_pdf_has_its_words_and_headings_are_tagged(pdf, folder):
    found = list(elements(pdf.Root.StructTreeRoot.K))
    said = sorted(alt for kind, alt in found if kind == "/Figure")
    assert said == sorted(figure["alt"] for figure in figures_of(folder))
    kinds = Counter(kind for kind, _ in found)
    assert kinds["/H1"] >= 10
    assert kinds["/H2"] >= 3
    assert kinds["/TH"] >= 40
    assert [alt for kind, alt in found if kind == "/Formula"] == [
        " belief = log(truth) + common + class + event + quantity + origin + drift + network "
    ]
    drawn = sum("/Form" in str(o.get("/Subtype", "")) for o in pdf.objects if is_dict(o))
    assert drawn >= len(said)


def is_dict(thing):
    return isinstance(thing, pikepdf.Dictionary | pikepdf.Stream)


def test_all_letters_of_the_pdf_are_inside_it(pdf):
    fonts = [o for o in pdf.objects if is_dict(o) and o.get("/Type") == "/FontDescriptor"]
    assert fonts
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)


def test_figures_and_tables_are_numbered_alike_in_all_three(folder):
    page = (folder / "report.html").read_text("utf-8")
    word = docx.Document(folder / "report.docx")
    paper = text_of(folder / "report.pdf")
    for kind, style in (("Figure", "Image Caption"), ("Table", "Table Caption")):
        in_page = re.findall(rf"<strong>({kind}\xa0\d+)\.</strong>", page)
        in_word = [p.text.partition(".")[0] for p in word.paragraphs if p.style.name == style]
        assert in_page == in_word == [f"{kind}\xa0{n}" for n in range(1, len(in_page) + 1)]
        assert len(in_page) >= 8
        assert all(f"{label.replace('\xa0', ' ')}. " in paper for label in in_page)


def test_the_word_document_holds_the_estimates_numbers(report):
    folder, estimate = report
    word = docx.Document(folder / "report.docx")
    rows = {row.cells[0].text: row for row in word.tables[0].rows}
    for id in ("taken", "lost"):
        told = [cell.text for cell in rows[estimate.study.by_id[id].label].cells]
        assert told[3] == Printed.of(estimate.interval(id), "persons").ends


def test_the_word_document_keeps_words_language_headers_and_page(folder):
    word = docx.Document(folder / "report.docx")
    images = [e.get("descr") for e in word.element.iter(qn("wp:docPr"))]
    assert sorted(images) == sorted(figure["alt"] for figure in figures_of(folder))
    with_header = [
        t for t in word.element.iter(qn("w:tbl")) if t.findall(f".//{qn('w:tblHeader')}")
    ]
    assert len(with_header) == len(word.tables)
    assert next(word.styles.element.iter(qn("w:lang"))).get(qn("w:val")) == "en"
    assert round(word.sections[0].page_width.cm, 1) == 21.0
    assert word.sections[0].header.paragraphs[0].text == "Undercount"
    assert word.core_properties.title == "Taken from the port"
    assert any(p.text.startswith("Claims up to 15 May 2020") for p in word.paragraphs[:3])
    assert {"Table Text", "Small Table Text", "Answer"} <= {p.style.name for p in every(word)}


def every(word):
    yield from word.paragraphs
    for table in word.tables:
        for cell in table._cells:
            yield from cell.paragraphs


class Page(HTMLParser):
    """Ids, heading levels and addresses loaded of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.levels, self.loaded, self.targets = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.levels += [int(tag[1])] if re.fullmatch(r"h[1-6]", tag) else []
        if tag in ("script", "iframe", "object", "link"):
            self.loaded.append(given.get("src") or given.get("href"))
        if tag == "img":
            self.loaded.append(given["src"] if not given["src"].startswith("data:") else None)
        if tag == "a" and given.get("href", "").startswith("#"):
            self.targets.append(given["href"][1:])


def test_the_page_is_whole_by_itself_and_in_order(folder):
    text = (folder / "report.html").read_text("utf-8")
    page = Page(text)
    assert not any(page.loaded)
    assert "@import" not in text
    assert not re.search(r"url\(['\"]?(?!data:)\w", text)
    assert len(page.ids) == len(set(page.ids))
    assert set(page.targets) <= set(page.ids)
    assert page.levels[0] == 1
    assert all(
        after - before <= 1 for before, after in zip(page.levels, page.levels[1:], strict=False)
    )
    assert '<html lang="en">' in text
    assert "<title>Taken from the port</title>" in text


PROBE = """
<script>
addEventListener('load', () => {
  const lum = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(v => (v /= 255) <= .04045
    ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b };
  const ground = e => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor; if (!c.endsWith(', 0)')) return c }
    return 'rgb(255, 255, 255)' };
  let worst = 99;
  for (const e of document.querySelectorAll('p, a, li, td, th, h1, h2, caption, span')) {
    const s = [lum(getComputedStyle(e).color), lum(ground(e))].sort((a, b) => a - b);
    worst = Math.min(worst, (s[1] + .05) / (s[0] + .05)) }
  const stops = [...document.querySelectorAll('a[href], [tabindex]')];
  const out = { contrast: worst, first: stops[0].className,
    positive: stops.filter(e => e.tabIndex > 0).length,
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    loaded: performance.getEntriesByType('resource')
      .filter(r => !r.name.startsWith('data:')).length };
  document.body.setAttribute('data-probe', JSON.stringify(out)) });
</script>
"""


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
@pytest.mark.parametrize("width", [1200, 500])
def test_a_browser_finds_no_fault(folder, tmp_path, width):
    page = tmp_path / "probe.html"
    text = (folder / "report.html").read_text("utf-8")
    page.write_text(text.replace("</body>", f"{PROBE}</body>"), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/user"]
    options += [f"--window-size={width},900", "--enable-logging=stderr", "--dump-dom"]
    done = subprocess.run(
        ["chromium", *options, page.as_uri()], capture_output=True, text=True, timeout=120
    )
    found = re.search(r"data-probe=\"([^\"]+)\"", done.stdout)
    assert found, done.stderr[-500:]
    told = json.loads(found[1].replace("&quot;", '"'))
    assert "CONSOLE" not in done.stderr
    assert told["contrast"] >= 4.5
    assert told["first"] == "skip"
    assert told["positive"] == told["loaded"] == 0
    assert told["wide"] <= 0


LONG = "Committee for the accounting of everybody who was taken " * 5 + "Verylongname" * 2
HANGUL, ARABIC = "북한인권정보센터 갸힣뷁", "مركز توثيق حقوق الإنسان"


def test_names_in_any_script_and_of_any_length_are_printed(tmp_path):
    sources = (
        Source("watch", HANGUL, "ngo"),
        Source("paper", ARABIC, "media"),
        Source("office", f"{LONG}{'x' * 60}"[:300], "official"),
    )
    study = study_of(title=f"{HANGUL} – 遣返", sources=sources)
    folder, _ = written(study, tmp_path, changes=False)
    paper = text_of(folder / "report.pdf")
    assert HANGUL in paper.replace("\u200b", "")
    word = "\n".join(p.text for p in every(docx.Document(folder / "report.docx")))
    for name in (HANGUL, ARABIC, sources[2].name):
        assert name in word
    with pikepdf.open(folder / "report.pdf") as made:
        names = {str(o.BaseFont) for o in made.objects if is_dict(o) and "/BaseFont" in o}
    assert any("CJK" in name for name in names)
    assert any("Arabic" in name for name in names)
    assert right_edge(folder / "report.pdf") <= 595.3 - 2.4 * 28.3


def right_edge(path):
    """Return how far to the right any letter of a PDF stands, in points."""
    with pypdfium2.PdfDocument(path) as made:
        texts = [made[k].get_textpage() for k in range(len(made))]
        boxes = (text.get_rect(k) for text in texts for k in range(text.count_rects()))
        return max(box[2] for box in boxes)


@pytest.mark.parametrize("number", [1, 390, 500])
def test_one_claim_or_hundreds(number, tmp_path):
    claims = [claim(f"c{k}", "taken", About(200 + k), "watch") for k in range(number)]
    study = study_of(*claims)
    folder, estimate = written(study, tmp_path, changes=False)
    told = Printed.of(estimate.interval("taken"), "persons").ends
    assert told in text_of(folder / "report.pdf")
    assert right_edge(folder / "report.pdf") <= 595.3 - 2.4 * 28.3
    assert told in {c.text for c in docx.Document(folder / "report.docx").tables[0]._cells}


# What stops the build, on a text of a few lines.


@pytest.fixture
def make_documents(tmp_path, report):
    front = Front("Title", "Question?", "Byline", newest(report[1].study))
    shutil.copytree(report[0] / "figures", tmp_path / "figures")

    def make(text, references="", house=None):
        write_documents(text, front, references, house or default_house(), tmp_path)
        return tmp_path

    return make


FIGURE = '![What is shown.](<figures/claims_taken.svg>){#fig-a alt="Rows of claims."}\n'
TABLE = "| A | B |\n|---|--:|\n| x | 1 |\n\n: Some numbers {#tbl-b}\n"


def test_references_to_figures_and_tables_are_links(make_documents):
    made = make_documents(f"See @fig-a and [@tbl-b; @fig-a].\n\n{FIGURE}\n{TABLE}")
    page = (made / "report.html").read_text("utf-8")
    assert '<a href="#fig-a">Figure\xa01</a> and <a href="#tbl-b">Table\xa01</a>' in page
    assert "See Figure 1 and Table 1, Figure 1." in text_of(made / "report.pdf")
    with pikepdf.open(made / "report.pdf") as paper:
        assert sum(o.get("/Subtype") == "/Link" for o in paper.objects if is_dict(o)) >= 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{FIGURE}\nSee @fig-other.", r"@fig-other leads nowhere: no figure or table"),
        ("See @tbl-b.", r"@tbl-b leads nowhere"),
        ("![What is shown.](<figures/claims_taken.svg>){#fig-a}\n", "#fig-a has no alternative"),
        ("![](<figures/claims_taken.svg>){#fig-a}\n\nx", r"has no alternative text"),
        (f"{FIGURE}\n{FIGURE}", "#fig-a stands twice"),
        ("As @nobody2020 says.", "cites nobody2020"),
        ("A letter \U000e0f00 that nobody has.", "no font has the letters"),
        ("Ancient \U00012000 text.", r"U\+12000 CUNEIFORM SIGN A\)"),
    ],
)
def test_what_a_reader_could_not_follow_stops_the_build(make_documents, text, told):
    with pytest.raises(StyleError, match=told):
        make_documents(text)


def test_references_in_csl_json_are_cited(make_documents):
    entry = {"id": "kim2020", "type": "book", "title": "On counts", "author": [{"family": "Kim"}]}
    entry["issued"] = {"date-parts": [[2020]]}
    made = make_documents("As @kim2020 says.\n\n::: {#refs}\n:::\n", json.dumps([entry]))
    assert "On Counts" in text_of(made / "report.pdf")
    with pytest.raises(EvidenceError, match=r"references\.json"):
        make_documents("x", '{"id": 1')


def test_text_of_a_study_is_text_in_typst_and_word(tmp_path):
    evil = r'#read("/etc/passwd") $x$ *b* <script> \input{x} #"quoted" @fig-a `code` [link](#a)'
    study = study_of(*(replace(c, phrase=evil) for c in three_claims()[:1]), title=evil)
    folder, _ = written(study, tmp_path, changes=False)
    assert '#read("/etc/passwd") $x$ *b*' in text_of(folder / "report.pdf").replace("\u200b", "")
    word = docx.Document(folder / "report.docx")
    assert word.paragraphs[0].text == evil


def test_documents_are_dated_by_the_newest_claim_or_as_asked(report, monkeypatch):
    study = report[1].study
    assert newest(study) == max(c.published.end for c in study.claims)
    assert "Claims up to 15 May 2020" in front_of(report[1]).byline
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert str(newest(study)) == "1970-01-02"
