"""A paper says its facts, the same bytes for the same facts, and prints names as they are."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pypdf
import pytest
import typst

from forms import desk
from tradeloop.claims import rules
from tradeloop.claims.lifecycle import State
from tradeloop.forms import fonts, papers
from tradeloop.forms.facts import Language, Named
from tradeloop.forms.fonts import FontMissing
from tradeloop.forms.lines import percent
from tradeloop.forms.papers import FormMissing, words_of
from tradeloop.forms.qr import BYTES_MAX, QrTooLong
from tradeloop.forms.render import COMPONENTS, TemplateUnfit, render
from tradeloop.forms.shown import masked
from tradeloop.kit.explained import Explained
from tradeloop.kit.money import Money

ZH, EN, BOTH = Language.CHINESE, Language.ENGLISH, Language.BOTH
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2068\u2069\u202c"))
HOSTILE = '#panic("x") *bold* _it_ $a$ @ref <l> [x] `r` \\ // {amount} ${1}'


def text(paper: bytes) -> str:
    """Return what stands on a paper, without blanks, which are the layout's affair."""
    pages = pypdf.PdfReader(io.BytesIO(paper)).pages
    read = "".join(page.extract_text() for page in pages).translate(INVISIBLE)
    return "".join(read.split())


def certificate(language: Language = ZH, **changed: object) -> bytes:
    return papers.certificate(
        desk.certificate(**changed),  # type: ignore[arg-type]
        language=language, folder=desk.FOLDER,
    )  # fmt: skip


def scheme_of_ones_own(folder: Path, form: str) -> Path:
    (folder / "forms").mkdir()
    (folder / "forms" / "certificate.typ").write_text(form, encoding="utf-8")
    return folder


@pytest.mark.parametrize("language", Language)
def test_a_certificate_says_what_is_covered_and_what_is_not(language: Language) -> None:
    found = text(certificate(language))

    for said in (
        "100,000.00USD", "美元壹拾万元整", "23,456.78USD", "123,456.78USD", "150,000.00USD", "45%",
        desk.NUMBER, desk.MERCHANT.name, "SYNTHETICBUYERYIRQ004TRADING",
        papers.digest(desk.certificate()), desk.TERMS, desk.BASIS.proof,
    ):  # fmt: skip
        assert said in found
    assert ("2026年5月10日" in found) == (language is ZH)
    assert ("不是保险公司" in found) == (language is not EN)
    assert ("notadocumentofaninsurer" in found) == (language is not ZH)
    assert ("Syntheticdata" in found) == (language is not ZH)


def test_what_is_covered_in_full_says_so_and_what_is_real_is_not_called_made_up() -> None:
    paper = desk.certificate(covered=desk.certificate().amount)
    found = text(certificate(EN, covered=paper.amount, basis=replace(desk.BASIS, synthetic=False)))

    assert "Allofthisshipmentlieswithinthebuyer'slimit." in found
    assert "arenotinsured" not in found
    assert "Synthetic" not in found.replace("SYNTHETIC", "")


def test_a_calculation_shows_every_line_with_its_change_and_its_clause() -> None:
    explained = desk.explained()
    chinese = text(papers.calculation(desk.calculation(), language=ZH, folder=desk.FOLDER))
    english = text(papers.calculation(desk.calculation(), language=EN, folder=desk.FOLDER))

    for one in explained.lines:
        for figure in (one.figure, one.change):
            assert str(figure).replace(" ", "") in english
        assert "".join(one.says.split()) in english
        assert "".join(one.clause.split()) in english
    assert "美元伍万捌仟伍佰元整" in chinese
    assert "限额150,000.00USD" in chinese
    assert "已使用20,000.00USD" in chinese
    assert "赔偿比例45%,80%" in chinese


def test_an_agreement_says_the_sum_in_figures_and_capitals_and_hides_the_account() -> None:
    made = papers.agreement(desk.agreement(), language=BOTH, folder=desk.FOLDER)
    found = text(made)

    assert found.count("58,500.00USD") >= 4
    assert found.count("美元伍万捌仟伍佰元整") == 3
    for clause in ("代位求偿", "Subrogation", "追偿所得", "Latepayments", "Signatureorseal"):
        assert clause in found
    assert "2345" in found
    assert "0112" not in found
    assert b"0112345" not in made


def test_a_claim_file_says_what_is_missing_and_by_when_and_under_which_rule() -> None:
    found = text(papers.claim_file(desk.claim_file(), language=EN, folder=desk.FOLDER))

    for said in (
        "agreementoffered", "missing", "20Dec2026", "provisional", "decideonthefasttrack",
        "twinpapers", "Proofofdebt", "kept,notread", "open", "Timersareassumed.",
        f"{6:064x}", "Allpapersagree",
    ):  # fmt: skip
        assert said in found


def test_a_claim_file_of_forty_papers_has_a_head_on_every_table_and_counts_its_pages() -> None:
    made = papers.claim_file(desk.claim_file(papers=40), language=EN, folder=desk.FOLDER)
    pages = len(pypdf.PdfReader(io.BytesIO(made)).pages)
    said = text(made)

    assert pages >= 3
    assert f"Page{pages}of{pages}" in said
    assert all(f"{place:064x}" in said for place in range(1, 41))


def test_a_name_is_printed_as_it_is_and_never_run() -> None:
    buyer = Named(name=HOSTILE, key="buyer:1", country="XYZ")
    made = text(papers.agreement(desk.agreement(buyer=buyer), language=EN, folder=desk.FOLDER))

    assert made.count("".join(HOSTILE.split())) == 2


def test_what_turns_the_direction_of_text_is_shown_and_does_nothing() -> None:
    buyer = Named(name="A\u202eB\x00C\nD\ud800E", key="buyer:1")

    assert "A[U+202E]B[U+0000]CD[U+D800]E" in text(certificate(buyer=buyer))


def test_a_name_without_a_place_to_break_stays_on_the_page() -> None:
    made = certificate(buyer=Named(name="W" * 400, key="buyer:1"))
    page = pypdf.PdfReader(io.BytesIO(made)).pages[0]
    places: list[float] = []

    def place(said: str, cm: list[float], tm: list[float], *_: object) -> None:
        if said.strip():
            places.append(tm[4] * cm[0] + cm[4])

    page.extract_text(visitor_text=place)

    assert text(made).count("W" * 400) == 1
    assert max(places) < page.mediabox.width


def test_the_same_facts_give_the_same_bytes_in_a_new_process_too() -> None:
    first = certificate(BOTH)
    again = (
        f"import sys, hashlib; sys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
        "from forms import desk\nfrom tradeloop.forms import papers\n"
        "from tradeloop.forms.facts import Language\n"
        "made = papers.certificate("
        "desk.certificate(), language=Language.BOTH, folder=desk.FOLDER)\n"
        "print(hashlib.sha256(made).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", again], capture_output=True, text=True, check=True)

    assert certificate(BOTH) == first
    assert done.stdout.strip() == sha256(first).hexdigest()


def test_another_fact_gives_another_digest() -> None:
    paper = desk.certificate()

    assert papers.digest(paper) != papers.digest(replace(paper, covered=Money(1, "USD")))


def test_nobody_can_try_out_account_numbers_on_the_digest() -> None:
    paper = desk.agreement()
    other = replace(paper, payee=replace(paper.payee, account="9999 9999 9999 9992 345"))

    assert papers.digest(other) == papers.digest(paper)


@pytest.mark.parametrize(
    ("account", "shows"),
    [("6222 0212 0800 0112 345", "•••• 2345"), ("123456789", "•••• 6789"), ("12345678", "•••• ")],
)
def test_of_an_account_the_last_four_letters_are_shown_and_of_a_short_one_none(
    account: str, shows: str
) -> None:
    assert masked(account) == shows


@pytest.mark.parametrize(
    ("share_bp", "written"), [(4_500, "45 %"), (4_525, "45.25 %"), (10_000, "100 %"), (5, "0.05 %")]
)
def test_a_share_is_written_exactly(share_bp: int, written: str) -> None:
    assert percent(share_bp) == written


def test_a_paper_is_of_the_kind_that_is_kept_and_read_aloud() -> None:
    read = pypdf.PdfReader(io.BytesIO(certificate(EN)))

    assert read.metadata
    assert read.metadata.title == f"Certificate of cover {desk.NUMBER}"
    assert read.metadata.creation_date_raw.startswith("D:20260701")  # type: ignore[union-attr]
    about = read.trailer["/Root"]["/Metadata"].get_data().decode()  # type: ignore[index]
    assert re.search(r"<pdfaid:part>2</pdfaid:part>", about)
    assert re.search(r"<pdfuaid:part>1</pdfuaid:part>", about)


def test_without_a_chinese_font_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    only_latin = typst.Fonts(include_system_fonts=False)
    monkeypatch.setattr(fonts, "installed", lambda: only_latin)

    with pytest.raises(FontMissing, match="apt-get install fonts-noto-cjk"):
        certificate()


def test_a_letter_that_no_font_has_is_told_by_itself() -> None:
    with pytest.raises(FontMissing, match=r"No font here can show .*\U00010600"):
        certificate(buyer=Named(name="Linear \U00010600", key="buyer:1"))


def test_a_scheme_without_the_form_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(
        FormMissing, match=f"{tmp_path.name} has no form 'certificate'; it has none"
    ):
        papers.certificate(desk.certificate(), language=ZH, folder=tmp_path)


def test_a_form_sees_no_other_file_and_no_network(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    folder = scheme_of_ones_own(tmp_path, '#read("/../secret.txt")')
    with pytest.raises(TemplateUnfit, match="Mend the template"):
        papers.certificate(desk.certificate(), language=ZH, folder=folder)

    (folder / "forms" / "certificate.typ").write_text('#import "@preview/x:1.0.0": *')
    with pytest.raises(TemplateUnfit, match="offline"):
        papers.certificate(desk.certificate(), language=ZH, folder=folder)


def test_a_form_of_ones_own_has_the_facts_and_the_words(tmp_path: Path) -> None:
    folder = scheme_of_ones_own(
        tmp_path,
        '#import "/components/parts.typ": *\n#show: form.with("certificate", paper.number)\n'
        '#front("covered", paper.covered)',
    )

    assert "承保金额100,000.00USD" in text(
        papers.certificate(desk.certificate(), language=ZH, folder=folder)
    )


def test_a_template_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(TemplateUnfit, match="No such file"):
        render(tmp_path / "no.typ", {}, made_at=desk.MADE_AT)


def test_a_proof_that_no_phone_could_read_is_refused() -> None:
    with pytest.raises(QrTooLong, match="1,201 bytes"):
        certificate(basis=replace(desk.BASIS, proof="x" * (BYTES_MAX + 1)))


def test_without_a_proof_there_is_no_code() -> None:
    assert "扫码核验" not in text(certificate(basis=replace(desk.BASIS, proof="")))


def test_every_line_that_the_rules_of_claims_may_say_has_chinese_words() -> None:
    source = Path(rules.__file__).read_text(encoding="utf-8")
    said = set(re.findall(r'(?:start|then)\(\s*"([a-z-]+)"', source))
    said |= {"credits", "resold", "saved"}

    assert said == set(words_of(desk.FOLDER)["lines"])


def test_a_line_whose_numbers_no_longer_fit_its_words_is_shown_in_english() -> None:
    line = replace(desk.explained().lines[2], says="At most what is left")
    lines = Explained((line,))

    assert "Atmostwhatisleft" in text(
        papers.calculation(desk.calculation(lines), language=ZH, folder=desk.FOLDER)
    )


def test_every_word_is_there_in_both_languages_and_every_place_in_both() -> None:
    words = words_of(desk.FOLDER)
    for group in ("words", "codes", "states"):
        for key, one in words[group].items():
            assert set(one) == {"zh", "en"}, key
            places = [set(re.findall(r"\{\w+\}", said)) for said in one.values()]
            assert places[0] == places[1], key


def test_every_word_that_a_form_asks_for_is_there() -> None:
    known = words_of(desk.FOLDER)["words"]
    asked: set[str] = set()
    for file in (*COMPONENTS.glob("*.typ"), *(desk.FOLDER / "forms").glob("*.typ")):
        source = file.read_text(encoding="utf-8")
        asked |= set(re.findall(r'(?:word|prose|pair|notice|front|with)\("([a-z_]+)"', source))
        asked |= set(re.findall(r'\("([a-z_]+)", ', source))

    assert asked - {"zh"} <= set(known)


def test_every_state_of_a_claim_and_every_kind_of_paper_has_words() -> None:
    words = words_of(desk.FOLDER)
    kinds = csv.DictReader((Path(rules.__file__).parent / "evidence.csv").read_text().splitlines())

    assert set(words["states"]) >= {one.value for one in State}
    assert set(words["codes"]) >= {one["code"] for one in kinds}
