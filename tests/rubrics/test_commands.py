"""`audit rubric check`, `new`, `diff`, `print` and `conformity`, as somebody types them."""

import json
import re
from dataclasses import replace
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

from audit_engine.cli import main
from audit_engine.definitions.catalogue import load, load_rubric, shipped_folder
from audit_engine.engine.conforming import shares
from audit_engine.engine.grading import Judgement, judgement
from audit_engine.engine.rubric_differences import rubric_differences

HERE = Path(__file__).parent
REVIEW = shipped_folder() / "rubrics" / "examples" / "child_and_family_review.yaml"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(["rubric", *words])
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err


@pytest.fixture
def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A rubric begun with `new`, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    assert run(capsys, "new", "closing_audit")[0] == 0
    return tmp_path / "closing_audit.yaml"


# --- check and new ----------------------------------------------------------------------------------------------


def test_what_is_begun_can_be_used_and_is_never_replaced(begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = begun.read_bytes()

    assert run(capsys, "check", str(begun)) == (0, "1 rubric, no problems.\n", "")
    code, _, err = run(capsys, "new", "closing_audit")

    assert code == 2
    assert "W060 this file exists" in err
    assert begun.read_bytes() == before


def test_a_name_that_is_taken_or_is_none_is_refused(begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there is a rubric of this name already" in run(capsys, "new", "supervision")[2]
    assert "D015" in run(capsys, "new", "Closing audit")[2]


def test_check_tells_every_problem_of_every_file(begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = begun.with_name("other.yaml")
    other.write_text(begun.read_text().replace("grade: good\n", "grade: god\n"))
    begun.write_text(begun.read_text().replace("heard.seen", "heard.sen"))

    code, out, err = run(capsys, "check", str(begun), str(other))

    assert (code, out) == (2, "")
    assert "closing_audit.yaml:29:9: D018 there is no criterion 'heard.sen'" in err
    assert "other.yaml" in err
    assert "D018 there is no grade 'god'" in err


def test_check_without_a_name_judges_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "check") == (0, f"{len(load().rubrics)} rubrics, no problems.\n", "")


# --- diff -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(load().rubrics))
def test_a_rubric_differs_in_nothing_from_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "diff", name, name) == (0, "", "They say the same.\n")


CHANGES = [
    ("title: Closing audit", "title: Closing", "It is now called: 'Closing' (before: 'Closing audit')."),
    ("      - heard.wishes\n", "", "(heard.wishes) is no longer asked."),
    ("- heard.wishes\n", "- heard.uniqueness\n", "(heard.uniqueness) is now asked, in the section 'Heard'."),
    ("[L1, L6, L8]", "[L1, L8]", "L6 (Too much below good) limits nothing any more."),
    ("[L1, L6, L8]", "[L6, L1, L8]", "The limiting rules are evaluated in another order: L6, L1, L8."),
    ("below_good >= 3", "below_good >= 2", "count.inadequate > 0 || count.below_good >= 2."),
    ("copied_note: yes", "copied_note: no", "It now notices no copied notes and equal grades within 2 minutes."),
    ("    title: Heard\n", "    title: Heard\n    counts: no\n", "its criteria are counted in nothing any more."),
    ("graded: optional", "graded: always", "It is now graded: 'always' (before: 'optional')."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "says"), CHANGES, ids=[says for _, _, says in CHANGES])
def test_each_change_is_told(old: str, new: str, says: str, begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    after = begun.with_name("after.yaml")
    text = begun.read_text()
    assert old in text
    after.write_text(text.replace(old, new, 1))

    code, out, _ = run(capsys, "diff", str(begun), str(after))
    told = json.loads(run(capsys, "diff", str(begun), str(after), "--json")[1])["differences"]

    assert code == 1
    assert says in out
    assert [one["says"] for one in told] == out.splitlines()


def test_what_is_loosened_and_tightened_is_said(begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rule = (
        "limiting_rules:\n  - id: R1\n    title: A cap\n    when: count.inadequate > 0\n"
        "    overall: {at_most: good}\n    because: It is so.\n    basis: House rule.\n"
    )
    begun.write_text(begun.read_text().replace("limiting_rules: [L1, L6, L8]\n", rule))
    after = begun.with_name("after.yaml")
    after.write_text(begun.read_text().replace("at_most: good", "at_most: inadequate"))

    tightened = run(capsys, "diff", str(begun), str(after))[1]
    loosened = run(capsys, "diff", str(after), str(begun))[1]

    assert tightened == "R1 (A cap): it is tightened. It now leaves at most Inadequate (at most Good before).\n"
    assert "it is loosened" in loosened


# --- print ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*sorted(load().rubrics), str(REVIEW)])
def test_the_handbook_says_everything(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    rubric = load_rubric(REVIEW) if name == str(REVIEW) else load().rubric(name)

    page = run(capsys, "print", name)[1]

    words = unescape(page)
    for criterion in rubric.criteria.values():
        assert criterion.title in words
        assert all(text in words for text in criterion.descriptors.values())
        assert all(question.asks in words for question in criterion.questions)
    assert all(rule.basis in words for rule, _ in rubric.limits)
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert "http:" not in page.replace("http-equiv", "")
    assert "https:" not in page


def test_what_is_written_is_only_text(begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begun.write_text(begun.read_text().replace("title: Closing audit", "title: '<b>Closing</b> {{ 7*7 }} #eval(1)'"))

    page = run(capsys, "print", str(begun))[1]

    assert "&lt;b&gt;Closing&lt;/b&gt; {{ 7*7 }} #eval(1)" in page
    assert "<b>" not in page


def test_files_are_not_replaced_unasked(begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "print", str(begun), "--to", "page.html")[0] == 0
    assert "W060" in run(capsys, "print", str(begun), "--to", "page.html")[2]
    assert run(capsys, "print", str(begun), "--to", "page.html", "--force")[0] == 0
    assert "W071" in run(capsys, "print", str(begun), "--to", "page.doc")[2]


@pytest.mark.parametrize("name", ["quality_and_impact", "thematic_voice_of_the_child", str(REVIEW)])
def test_a_pdf_is_tagged(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = tmp_path / "book.pdf"

    assert run(capsys, "print", name, "--to", str(made))[0] == 0

    raw = made.read_bytes()
    assert raw.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in raw or b"/ObjStm" in raw
    assert b"pdfuaid" in raw


def test_without_its_maker_a_pdf_is_refused_in_a_sentence(
    begun: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "typst", None)

    code, _, err = run(capsys, "print", str(begun), "--to", "book.pdf")

    assert code == 2
    assert "W070 what makes PDF files is not installed" in err
    assert not begun.with_name("book.pdf").exists()


# --- conformity -------------------------------------------------------------------------------------------------


def with_grade(grade: str | None, *, provisional: bool = False) -> Judgement:
    """A judgement whose first section has this grade."""
    judged = judgement(load_rubric(REVIEW), {}, {})
    first, *rest = judged.sections
    return replace(judged, sections=(replace(first, grade=grade, provisional=provisional), *rest))


@pytest.mark.parametrize(
    ("reaching", "of", "reached"), [(62, 65, True), (61, 65, False), (38, 40, True), (37, 40, False), (0, 0, None)]
)
def test_the_share_is_exact(reaching: int, of: int, reached: bool | None) -> None:
    yes, no = with_grade("substantially_achieved"), with_grade("partially_achieved")
    judged = [yes] * reaching + [no] * (of - reaching) + [with_grade(None)] * 3

    share = shares(load_rubric(REVIEW), judged)[0]

    assert (share.numerator, share.denominator, share.reached) == (reaching, of, reached)
    assert (share.not_applicable, share.incomplete) == (3, 0)


def test_what_is_not_complete_is_left_out_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    share = shares(load_rubric(REVIEW), [with_grade("substantially_achieved"), with_grade(None, provisional=True)])[0]

    assert (share.numerator, share.denominator, share.incomplete) == (1, 1, 1)
    assert share.says.endswith("reached. Left out, because not complete: 1.")


def test_a_folder_of_answers_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    folder = HERE / "examples" / "answers"
    files = [str(file) for file in sorted(folder.glob("*.yaml")) if "review" in file.name or "in_home" in file.name]

    code, out, _ = run(capsys, "conformity", str(REVIEW), *files, "--json")

    told = json.loads(out)
    assert code in (0, 1, 3)
    assert told["audits"] == len(files) > 0
    assert all(one["numerator"] <= one["denominator"] <= len(files) for one in told["shares"])


def test_a_rubric_that_asks_for_no_share_says_so(begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "conformity", "quality_and_impact", str(begun))

    assert code == 2
    assert "this rubric asks for no share of many audits" in err


def test_other_words_of_a_scale_are_told() -> None:
    read = load().rubric("supervision")
    best = read.scale.grades[-1].model_copy(update={"label": "Excellent"})
    scale = read.scale.model_copy(update={"grades": (*read.scale.grades[:-1], best)})

    (told,) = rubric_differences(read, replace(read, scale=scale, scales=dict.fromkeys(read.scales, scale)), {})

    assert told.says.startswith("The grades of the scale 'four_grade' have changed, in number, in words")
    assert "outstanding (Excellent)" in told.says
