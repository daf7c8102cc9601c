"""One catalogue of words: complete in Korean, looked up in order, and unchanged in English."""

import ast
import json
import re
from datetime import date
from pathlib import Path

import pytest
import typer
from babel.messages.pofile import read_po

from estimators.cli_style import known_language
from estimators.evidence.claim import SOURCE_CLASSES
from estimators.evidence.outcome import CATEGORIES
from estimators.evidence.when import When
from estimators.evidence.wording import ONE_NUMBER
from estimators.inference.sensitivity import READ_SO, SCENARIOS
from estimators.models.laws import LADDER, SHARE_LADDER
from estimators.models.phases import PHASES
from estimators.publish import catalogue
from estimators.publish.catalogue import retold, say, say_many
from estimators.publish.date_axis import date_formatter
from estimators.publish.fonts import StyleError
from estimators.publish.house import TEMPLATES
from estimators.publish.languages import LOCALE, language, places, read_language, speaking
from estimators.publish.local_forms import in_digits, in_month, in_year, on_day
from estimators.publish.messages import messages
from estimators.publish.plain_words import between
from estimators.publish.said import spoken
from estimators.publish.sentences import sentence
from estimators.publish.sentences_threshold import threshold
from estimators.publish.widths import cut, width_of, wrapped

CODE = Path(catalogue.__file__).parent
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
NAMES = {"GATHER", "BARG", "Holm", "study", "toml", "claims", "quick", "report", "Undercount"}


def po(folder, name, *pairs):
    """Write a catalogue of a few messages."""
    texts = (f'msgid "{message}"\nmsgstr "{text}"\n' for message, text in pairs)
    (folder / f"{name}.po").write_text(HEAD + "\n".join(texts), encoding="utf-8")
    return folder


def calls(name):
    """Yield the file and the arguments of every call of a function in the code of reports."""
    for path in sorted(CODE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
                yield path.name, node.args


# The shipped catalogue


def test_korean_has_every_message_and_no_other():
    with (LOCALE / "ko.po").open("rb") as file:
        korean = read_po(file)
    there = {m.id: m for m in korean if m.id}
    assert set(there) == {m.id for m in messages() if m.id}
    assert not korean.obsolete
    assert not [id for id, m in there.items() if m.fuzzy or not all(m.string)]


def test_a_translation_has_the_places_of_its_message():
    with (LOCALE / "ko.po").open("rb") as file:
        for message in (m for m in read_po(file) if m.id):
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            for text in texts:
                assert places(text) == set().union(*map(places, ids)), message.id
            keys = set(re.findall(r"@\w+|\(#[\w-]+\)", ids[0]))
            assert keys == set(re.findall(r"@\w+|\(#[\w-]+\)", texts[0])), message.id


def test_no_place_is_followed_by_a_particle_that_depends_on_what_stands_there():
    counted = re.compile(r"\{(claims2?|readings|days|fits|number)\}|%\(gaps\)s")
    varies = re.compile(r"(\{\w+\}|%\(\w+\)s)[”’]?(은|는|이|가|을|를|과|와|로|으로)(?=[\s,.;:)]|$)")
    for _, strings in read_language("ko").words.items():
        for found in (f for text in strings for f in varies.finditer(text)):
            assert counted.fullmatch(found[1]), found[0]


@pytest.mark.parametrize("name", ["say", "marked", "say_many"])
def test_every_message_of_the_code_is_found_by_who_translates(name):
    known = {m.id if isinstance(m.id, str) else m.id[0] for m in messages()}
    for path, args in calls(name):
        if path == "catalogue.py":
            continue
        assert isinstance(args[0], ast.Constant), f"{path}:{args[0].lineno}"
        assert args[0].value in known, f"{path}: {args[0].value}"


def test_a_message_of_the_template_can_be_filled_in_both_languages():
    korean = read_language("ko").words
    mine = [m.id for m in messages() if ("report.md", None) in m.locations]
    assert len(mine) > 90
    for message in mine:
        given = dict.fromkeys(re.findall(r"%\((\w+)\)s", message), "x")
        for text in (message, *korean[message]):
            assert "%(" not in text % given, message


def made_elsewhere():
    """Yield texts that studies, models and fits make in English and a report prints."""
    yield from (*SOURCE_CLASSES, *PHASES, *LADDER, *SHARE_LADDER)
    yield from (category.replace("_", " ") for category in CATEGORIES)
    yield from (label for label, _ in (*READ_SO, *SCENARIOS))
    yield from (str(wording(1200)) for wording in ONE_NUMBER.values() if wording.hedge)
    yield from ("600 to 2,000", "600 to 2,000 (95 %)", "720 (600 to 900)", "more than 70%")
    yield from ("without The Paper", "without the network field", "without all of class ngo")
    yield from ("early error half", "scenario sceptical", "with the anchor census")
    yield from ("largest 1.0025 (a b), limit 1.01.", "3 of 4,000 draws.", "1 more origin")
    yield "largest relative gap of a sum 2e-16."
    yield "smallest 53 (a on b), limit 400. Waived: Few draws."
    yield "21% (one in five)"


@pytest.mark.parametrize("text", list(made_elsewhere()))
def test_what_is_made_in_english_elsewhere_is_retold(text):
    assert retold(text) == text
    with speaking("ko"):
        told = retold(text)
    assert told != text
    assert set(re.findall(r"\d[\d,.]*\d|\d", text)) <= set(re.findall(r"\d[\d,.]*\d|\d", told))


def test_words_inside_what_is_retold_are_retold_too():
    with speaking("ko"):
        assert retold("without all of class ngo") == "부류 전체 제외: 비정부기구"
        assert retold("21% (one in five)") == "21%(5건 중 1건)"
        assert retold("without Daily News, about 600") == "제외: Daily News, about 600"


def test_what_a_study_says_stays():
    with speaking("ko"):
        for text in ("Returned on 9 October 2023", "탈북민 600여 명", "", "about us"):
            assert retold(text) == text


# Which language is spoken


def test_english_is_what_stands_in_the_code():
    assert language() == "en"
    assert say("between {low} and {high}", low=1, high=2) == "between 1 and 2"
    assert say("90% {braces left alone without values}") == "90% {braces left alone without values}"
    assert say_many("{number} claim", "{number} claims", 1) == "1 claim"
    assert say_many("{number} claim", "{number} claims", 1200) == "1,200 claims"


def test_a_language_is_spoken_inside_its_block_only():
    with speaking("ko"):
        assert language() == "ko"
        assert say("The answer") == "답"
        with speaking("en"):
            assert say("The answer") == "The answer"
        assert say_many("{number} claim", "{number} claims", 3) == "주장 3건"
    assert say("The answer") == "The answer"


def test_a_message_that_is_missing_is_said_in_english_and_noted():
    with speaking("ko") as korean:
        assert say("{n} geese", n=3) == "3 geese"
        assert say_many("{number} goose", "{number} geese", 2) == "2 geese"
    assert korean.missing == {"{n} geese", "{number} goose"}


def test_a_language_without_a_catalogue_says_which_there_are_and_what_to_do():
    with pytest.raises(StyleError, match=r"'xx'; there are: en, ko\. .* xx\.po.*--style"):
        read_language("xx")
    with pytest.raises(typer.BadParameter, match="there are: en, ko"):
        known_language("xx", None)
    assert known_language("ko", None) == "ko"
    assert known_language(None, None) is None


def test_a_region_is_served_by_its_language():
    assert read_language("ko-KR").words == read_language("ko").words
    assert read_language("en-GB").name == "en"


def test_a_house_brings_a_language_of_its_own(tmp_path):
    po(tmp_path, "de", ("The answer", "Die Antwort"), ("between {low} and {high}", "{low}–{high}"))
    with speaking("de-CH", tmp_path):
        assert say("The answer") == "Die Antwort"
        assert say("between {low} and {high}", low=1, high=2) == "1–2"
        assert say("Methods") == "Methods"


def test_a_house_comes_before_what_is_shipped(tmp_path):
    with speaking("ko", po(tmp_path, "ko", ("The answer", "결론"))):
        assert say("The answer") == "결론"


def test_plurals_follow_the_language(tmp_path):
    head = HEAD.replace("utf-8\\n", "utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n")
    text = 'msgid "{number} claim"\nmsgid_plural "{number} claims"\n'
    text += 'msgstr[0] "{number} Aussage"\nmsgstr[1] "{number} Aussagen"\n'
    (tmp_path / "de.po").write_text(head + text, encoding="utf-8")
    with speaking("de", tmp_path):
        told = [say_many("{number} claim", "{number} claims", n) for n in (1, 2, 1200)]
    assert told == ["1 Aussage", "2 Aussagen", "1.200 Aussagen"]


@pytest.mark.parametrize(
    "text", ["{lwo} bis {high}", "{low} bis {high", "{low} bis {high} %(what)s"]
)
def test_a_place_that_nothing_fills_is_refused(tmp_path, text):
    message = "between {low} and {high}"
    po(tmp_path, "de", (message, text))
    with pytest.raises(StyleError, match=r"de\.po: it is no catalogue"):
        read_language("de", tmp_path)


def test_a_percent_sign_of_the_template_is_written_twice(tmp_path):
    po(tmp_path, "de", ("Each holds 90%% of it.", "Je 90% davon."))
    with pytest.raises(StyleError, match="%"):
        read_language("de", tmp_path)


def test_what_is_no_catalogue_is_refused(tmp_path):
    (tmp_path / "de.po").write_bytes(b"\xff\xfe not a catalogue")
    with pytest.raises(StyleError, match=r"de\.po"):
        read_language("de", tmp_path)


# Dates and numbers


def test_dates_are_written_as_the_language_does():
    day = date(2023, 10, 9)
    assert (on_day(day), on_day(day, "%B")) == ("9 Oct 2023", "9 October 2023")
    assert (in_month(day), in_year(day)) == ("Oct 2023", "2023")
    with speaking("ko"):
        assert (on_day(day), on_day(day, "%B")) == ("2023. 10. 9.", "2023년 10월 9일")
        assert (in_month(day), in_year(day)) == ("2023년 10월", "2023년")
        assert spoken(When.parse("2023-10")) == "2023년 10월"
        assert spoken(When.parse("2023-10-09")) == "2023. 10. 9."


def test_numbers_are_written_as_the_language_does(tmp_path):
    assert in_digits(1300.5) == "1,300.5"
    with speaking("ko"):
        assert in_digits(1300.5) == "1,300.5"
    with speaking("de", po(tmp_path, "de", ("The answer", "Die Antwort"))):
        assert in_digits(1300.5) == "1.300,5"


def test_an_axis_of_time_names_months_in_the_language():
    from matplotlib.dates import AutoDateLocator, date2num

    ticks = [float(date2num(date(2023, month, 1))) for month in (9, 10, 11)]
    assert date_formatter(AutoDateLocator()).format_ticks(ticks)[1] == "Oct"
    with speaking("ko"):
        made = date_formatter(AutoDateLocator())
    assert made.format_ticks(ticks)[1] == "10월"


# Sentences


def numbers(text):
    return sorted(re.findall(r"\d[\d,.]*\d|\d", text))


@pytest.mark.parametrize("id", ["taken", "lost", "women_share", "women", "held_after"])
def test_a_sentence_says_the_same_numbers_in_korean(estimate, changes, id):
    told = sentence(estimate, id, changes)
    with speaking("ko") as korean:
        said = sentence(estimate, id, changes)
    assert numbers(said) == numbers(told)
    assert said.endswith(".")
    assert "추정치는" in said
    assert "가정에 근거한다" in said
    assert not korean.missing


def test_probabilities_and_small_numbers_are_said_in_korean(estimate):
    with speaking("ko") as korean:
        assert "200명 이상일 확률" in threshold(estimate, "taken", 200)
        assert "열에 아홉" in between(estimate, "taken")
        assert "900명 미만" in sentence(estimate, "taken", suppress_below=900)
    assert not korean.missing


# A report


@pytest.fixture
def korean(korean_folder):
    return korean_folder


def text_of(markup):
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def test_a_korean_page_has_korean_headings_with_the_same_ids(korean, report_folder):
    heading = re.compile(r'<h([12]) id="([^"]*)"[^>]*>(.*?)</h\1>', re.DOTALL)
    page, other = ((f / "report.html").read_text("utf-8") for f in (korean, report_folder))
    assert '<html lang="ko">' in page
    told = {id: text for _, id, text in heading.findall(page)}
    assert list(told) == [id for _, id, _ in heading.findall(other)]
    assert told["the-answer"] == "답"
    assert all(re.search("[가-힣]", text) for text in told.values())
    assert "본문으로" in page
    assert 'aria-label="목차"' in page
    assert "까지의 주장" in text_of(page)


def test_nothing_english_is_left_but_what_the_study_says(korean, study):
    page = (korean / "report.html").read_text("utf-8")
    told = re.findall(
        r"<(h1|h2|figcaption|caption|th)\b[^>]*>(.*?)</\1>|alt=\"([^\"]*)\"", page, re.DOTALL
    )
    own = {q.label for q in study.quantities} | {s.name for s in study.sources}
    own |= {label[:1].lower() + label[1:] for label in own} | {study.title, study.question}
    for text in (text_of(inner or alt) for _, inner, alt in told):
        for name in sorted(own, key=len, reverse=True):
            text = text.replace(name, "")
        left = set(re.findall(r"[A-Za-z]{3,}", text)) - NAMES - {"field", "hat"}
        assert not left, text


def test_captions_count_figures_and_tables_in_korean(korean):
    page = (korean / "report.html").read_text("utf-8")
    assert re.search(r"<figcaption>.*?그림\xa01\.", page, re.DOTALL)
    assert "표\xa01." in page
    assert "Figure" not in text_of(page)


def test_what_programs_read_stays_english(korean, report_folder):
    ours, theirs = (
        json.loads((folder / "results.json").read_text("utf-8"))
        for folder in (korean, report_folder)
    )
    assert ours["sentences"] == theirs["sentences"]
    assert ours["quantities"] == theirs["quantities"]
    for name in ("estimates", "claims", "ranges", "assumptions", "sources", "changes"):
        for end in (".csv", ".md"):
            texts = [(f / "tables" / (name + end)).read_bytes() for f in (korean, report_folder)]
            assert texts[0] == texts[1], name + end


def test_sidecars_and_data_package_follow_the_language(korean):
    beside = json.loads((korean / "tables" / "estimates.json").read_text("utf-8"))
    assert beside["title"] == "개별 확인, 보고, 추정"
    package = json.loads((korean / "datapackage.json").read_text("utf-8"))
    fields = package["resources"][0]["schema"]["fields"]
    assert any(re.search("[가-힣]", field.get("description", "")) for field in fields)


def test_a_korean_report_is_as_it_was_written(korean):
    from estimators.publish.verify import verify

    found = verify(korean)
    assert not found.altered, str(found)
    assert not found.faults


def test_a_house_style_may_speak_korean(tmp_path):
    from estimators.publish.house import read_house

    (tmp_path / "style.toml").write_text('name = "Harbour Watch"\nlanguage = "ko"\n')
    house = read_house(tmp_path)
    with speaking(house.language, house.folder):
        assert say("The answer") == "답"
    assert read_language(house.language, TEMPLATES).name == "ko"


# Letters that are as wide as two


def test_hangul_counts_twice():
    assert width_of("abc") == 3
    assert width_of("가나 a") == 6
    assert cut("가나다라", 5) == "가나"
    assert wrapped("one two three", 7) == ["one two", "three"]
    assert wrapped("하나 둘 셋", 7) == ["하나 둘", "셋"]
    assert wrapped("하나둘셋넷다섯", 6) == ["하나둘", "셋넷다", "섯"]
    assert wrapped("하나 둘 셋 넷", 4, most=2) == ["하나", "둘…"]
