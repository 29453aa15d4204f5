"""Complaints are found with the words that say so; what only sounds like one is left alone."""

import re
import time
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.complaints.shipped import assessor, shipped
from rules.complaints.assessing import new_text, shown
from rules.complaints.classes import Classes
from rules.complaints.cues import Act, Cues
from rules.complaints.features import BLOCKS, BORDERS, COLUMNS, by_sentence, features_of
from rules.complaints.frames import asked_of
from rules.complaints.model import Model
from rules.complaints.words import words_of
from rules.terms.complaint import Category
from rules.terms.customer import PartyKind
from rules.terms.mail import Direction, MailKind
from rules.wording import knows

ANY_TEXT = st.text(max_size=400) | st.text("seit drei wochen kaputt!? nicht 3x\n\t„Äß'", max_size=400)
LANGUAGES = st.sampled_from([None, "de", "en", "fr", "pl", "pt", "xx"])
WORST = (
    "nicht " * 40_000,
    "x" * 200_000,
    "." * 200_000,
    "seit 3 " * 30_000,
    "\n\n" * 100_000,
    "ä" * 200_000,
    "zum dritten mal keine antwort und " * 6_000,
    "> " * 100_000,
    "\ud800" * 50_000,
    "\x00" * 100_000,
)


@given(ANY_TEXT, st.text(max_size=60), LANGUAGES)
@settings(max_examples=150, deadline=None)
def test_any_text_is_assessed_and_what_is_found_is_quoted(text: str, subject: str, language: str | None) -> None:
    found = assessor().assess(text, subject, language)
    whole = shown(text, subject)
    assert not (found.flag and found.doubtful)
    assert 0 <= found.probability <= 1
    for evidence in found.evidence:
        assert evidence.quote
        assert evidence.quote in whole
        assert knows(evidence.reason)
    if found.flag or found.doubtful or found.relieved:
        assert found.evidence
    if found.flag or found.doubtful:
        assert found.severity in (1, 2, 3)
        assert found.category is not Category.NONE
        assert knows(f"complaint.category.{found.category}")
        assert knows(f"complaint.severity.{found.severity}")
    else:
        assert found.severity == 0
        assert found.category is Category.NONE


@pytest.mark.parametrize("text", WORST, ids=range(len(WORST)))
def test_hostile_texts_cost_bounded_time(text: str) -> None:
    for language in ("de", "en", "fr"):
        assessor().assess("", "", language)
        began = time.process_time()
        assessor().assess(text, "", language)
        assert time.process_time() - began < 1.5


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Die Pumpe ist nach zwei Tagen schon wieder undicht und niemand ruft zurück."),
        ("de", "Bestellt waren zehn Stühle, gekommen sind acht, und zwei davon sind zerkratzt."),
        ("de", "Wir warten seit fünf Wochen auf die Gutschrift und bekommen keine Antwort. Bitte klären Sie das."),
        ("en", "The replacement pump leaks again after two days and nobody has called me back."),
        ("en", "I ordered ten chairs and only eight arrived, two of them badly scratched. Please sort this out."),
        ("en", "We are still waiting for the refund you promised five weeks ago and nobody answers."),
    ],
)
def test_plain_complaints_are_flagged(language: str, text: str) -> None:
    found = assessor().assess(text, "", language)
    assert found.flag
    assert all(len(evidence.quote.split()) <= 12 for evidence in found.evidence)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Guten Tag, bitte schicken Sie uns ein Angebot über 40 Stühle. Vielen Dank und freundliche Grüße"),
        ("de", "Der Termin am Dienstag passt uns gut, bis dahin!"),
        ("en", "Could you please send us a quotation for forty chairs? Thank you very much."),
        ("en", "Tuesday at ten works well for us, see you then."),
        ("de", ""),
        ("en", " \n "),
        ("de", "…!!! ??"),
    ],
)
def test_ordinary_texts_are_left_alone(language: str, text: str) -> None:
    assert not assessor().assess(text, "", language).flag


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Guten Tag"),
        ("de", "Guten Tag,\n\nmit freundlichen Grüßen\nEva Lang"),
        ("de", "Hallo!"),
        ("en", "Hello"),
        ("en", "Hello,\n\nKind regards\nEva Long"),
        (None, "Hi"),
    ],
)
def test_a_mere_greeting_is_not_even_listed(language: str | None, text: str) -> None:
    found = assessor().assess(text, "", language)
    assert not found.flag
    assert not found.doubtful


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        (
            "de",
            "Vielen Dank für das Angebot, das nehmen wir gern an. Auf die Gutschrift warten wir seit fünf Wochen, und"
            " niemand antwortet uns. Legen Sie bitte noch drei Filter dazu.",
            "warten",
        ),
        (
            "en",
            "Thank you for the lovely quotation. We would be glad to have you on Tuesday. We are still waiting for the"
            " refund you promised in March, though. Please bring three filters as well. Remember me to your wife.",
            "waiting",
        ),
    ],
)
def test_the_sentence_that_says_so_is_quoted_first(language: str, text: str, word: str) -> None:
    found = assessor().assess(text, "", language)
    assert found.flag or found.doubtful
    assert word in found.evidence[0].quote
    weights = [evidence.weight for evidence in found.evidence]
    assert weights == sorted(weights, reverse=True)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Sehr geehrte Frau Brandl,\nwir warten seit drei Wochen auf die Lieferung. Sonst gehe ich zum Anwalt."),
        (
            "en",
            "Dear Mr Hale,\nthe pump leaks again and nobody has called me back. My solicitor will write to you next.",
        ),
    ],
)
def test_a_threat_names_only_the_words_that_threaten_and_courtesies_are_not_quoted(language: str, text: str) -> None:
    found = assessor().assess(text, "", language)
    assert found.flag
    assert found.severity == 3
    for evidence in found.evidence:
        threatens = "Anwalt" in evidence.quote or "solicitor" in evidence.quote
        assert (evidence.reason in ("complaint.legal", "complaint.about.legal_threat")) is threatens
        assert "Brandl" not in evidence.quote
        assert "Hale" not in evidence.quote


def test_a_text_of_unknown_language_is_judged_by_all_models() -> None:
    text = "Pumpe kaputt. Schon wieder. Niemand antwortet."
    unknown, known = (assessor().assess(text, "", language) for language in (None, "de"))
    assert unknown == known


def test_further_languages_are_only_ever_to_be_checked() -> None:
    found = assessor().assess("Bonjour, la pompe est en panne et personne ne répond. Merci", "", "fr")
    assert found.doubtful
    assert not found.flag
    assert found.evidence
    assert not assessor().assess("Bonjour, merci pour votre offre.", "", "fr").doubtful
    assert not assessor().assess("Não funciona.", "", "pt").doubtful


def test_an_answers_subject_is_not_the_writers() -> None:
    assert shown("Danke!", "AW: Pumpe kaputt") == "Danke!"
    assert shown("Danke!", "Re: pump broken") == "Danke!"
    assert "kaputt" in shown("Bitte melden.", "Pumpe kaputt")


def test_quotations_and_signatures_do_not_count() -> None:
    quoted = (
        "Guten Tag, das passt uns gut, vielen Dank.\n\nMit freundlichen Grüßen\nEva Lang\n\n"
        "Am 03.03.2026 um 10:11 schrieb Eva Lang <eva@lang.example>:\n"
        "> Die Pumpe ist schon wieder kaputt, das ist eine Frechheit!\n> Ich schalte meinen Anwalt ein.\n"
    )
    assert "Frechheit" not in new_text(quoted, "AW: Pumpe")
    assert not assessor().assess_whole(quoted, "AW: Pumpe").flag


@pytest.mark.parametrize("kind", list(MailKind))
def test_only_what_people_write_to_us_is_asked(kind: MailKind) -> None:
    people = kind in (MailKind.PERSON, MailKind.WEB_FORM, MailKind.GATEWAY)
    assert asked_of(kind, Direction.INCOMING, ()) is people
    assert asked_of(kind, Direction.INCOMING, {PartyKind.CUSTOMER, PartyKind.SUPPLIER}) is people
    assert not asked_of(kind, Direction.OUTGOING, ())
    assert not asked_of(kind, Direction.INCOMING, {PartyKind.SUPPLIER})


@cache
def small_cues() -> Cues:
    return Cues(
        {
            "numbers": "zwei drei",
            "cue": [
                {"act": "late", "patterns": "seit # wochen|tagen .. warte|warten\nnoch immer (gar)? nichts"},
                {
                    "act": "defect",
                    "category": "quality_defect",
                    "severity": 2,
                    "patterns": "kaputt*\n(geht|ging) .. ab",
                },
                {"act": "solved", "patterns": "(läuft|geht) wieder"},
            ],
        }
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Seit drei Wochen warte ich.", ["Seit drei Wochen warte"]),
        ("seit 12 Tagen bei Ihnen vergeblich warten", ["seit 12 Tagen bei Ihnen vergeblich warten"]),
        ("seit drei Wochen. Warte!", []),
        ("NOCH IMMER GAR NICHTS", ["NOCH IMMER GAR NICHTS"]),
        ("Die kaputte Tür", ["kaputte"]),
        ("ein Kaputter, ein kaput", ["Kaputter"]),
        ("Die Farbe geht am Rand ab", ["geht am Rand ab"]),
        ("Die Farbe geht, am Rand ab", ["geht, am Rand ab"]),
        ("Sie läuft wieder", ["läuft wieder"]),
        ("", []),
    ],
)
def test_cue_patterns_match_words(text: str, found: list[str]) -> None:
    words = words_of(text)
    assert [words.quote(hit.first, hit.after) for hit in small_cues().hits(words)] == found


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("seit # wochen|tagen .. warte|warten", "seit drei wochen warte"),
        ("noch immer (gar)? nichts", "noch immer nichts"),
        ("(geht nicht|ging) _ kaputt*", "geht nicht kaputt"),
    ],
)
def test_a_turn_of_phrase_can_be_said(pattern: str, said: str) -> None:
    (cue,) = Cues({"numbers": "drei", "cue": [{"act": "late", "patterns": pattern}]}).cues
    assert cue.said("drei") == said


def test_a_cue_says_what_it_does() -> None:
    (hit,) = small_cues().hits(words_of("kaputt"))
    assert (hit.cue.act, hit.cue.category, hit.cue.severity) == (Act.DEFECT, Category.QUALITY, 2)


@pytest.mark.parametrize("pattern", [".. kaputt", "_ kaputt", "ab*", "(|) x"])
def test_a_pattern_that_cannot_be_found_is_refused_with_its_words(pattern: str) -> None:
    with pytest.raises(ValueError, match=re.escape(pattern)):
        Cues({"numbers": "", "cue": [{"act": "late", "patterns": pattern}]})


def test_the_longest_beginning_decides_a_words_class() -> None:
    classes = Classes({"broken": "kaputt* defekt", "house": "haus*", "door": "haustür*", "lamp": "kaputtlampe"})
    number = classes.number_of
    assert number("kaputtes") == number("defekt") != 0
    assert number("haustuerschluessel") == number("haustueren") != number("hausmeister")
    assert number("kaputtlampe") not in (number("kaputt"), 0)
    assert number("unbekannt") == 0
    assert number("17") == number("4") != 0
    with pytest.raises(ValueError, match="ab"):
        Classes({"short": "ab*"})


@given(st.text(max_size=300))
@settings(deadline=None)
def test_each_feature_has_a_column_and_words_of_its_own(text: str) -> None:
    words = words_of(text)
    features = features_of(words, Classes({"broken": "kaputt*"}))
    assert ((features.columns >= 0) & (features.columns < COLUMNS)).all()
    assert (features.first <= features.last).all()
    assert not len(features.last) or features.last.max() < len(words.folded)
    assert len(BORDERS) == len(BLOCKS)


@given(st.text(max_size=300))
@settings(deadline=None)
def test_a_sentences_features_are_those_of_its_own_words(text: str) -> None:
    words = words_of(text)
    features, of = by_sentence(features_of(words, Classes({"broken": "kaputt*"})), words)
    for first, last, number in zip(features.first.tolist(), features.last.tolist(), of.tolist(), strict=True):
        start, after = words.sentences[number]
        assert start <= first <= last < after
    model = shipped("de")
    assert model.sentence_logits(features, of, len(words.sentences)).shape == (len(words.sentences),)


def test_a_sentence_alone_says_what_it_says_in_a_text() -> None:
    judge = assessor().judge("de")

    def logits(text: str) -> list[float]:
        words = words_of(text)
        features, of = by_sentence(features_of(words, judge.classes), words)
        found: list[float] = judge.model.sentence_logits(features, of, len(words.sentences)).tolist()
        return found

    missing, kind = "Wir warten seit drei Wochen auf die Lieferung.", "Vielen Dank für das Angebot."
    # All but its place in the text is the same.
    assert logits(f"{missing} {kind}") == pytest.approx([*logits(missing), *logits(kind)], abs=1.0)
    assert logits(missing)[0] > logits(kind)[0] + 2


def test_numbers_count_by_their_length_only() -> None:
    columns = [sorted(features_of(words_of(text), Classes({})).columns.tolist()) for text in ("am 14. da", "am 37. da")]
    assert columns[0] == columns[1]


@given(st.text(max_size=500))
@settings(deadline=None)
def test_words_and_sentences_cover_the_text_in_order(text: str) -> None:
    words = words_of(text)
    for word, start, end in zip(words.folded, words.starts, words.ends, strict=True):
        assert word
        assert 0 <= start < end <= len(text)
    flat = [number for first, after in words.sentences for number in range(first, after)]
    assert flat == list(range(len(words.folded)))


def test_a_model_of_another_version_is_refused() -> None:
    whole = shipped("de")
    with pytest.raises(ValueError, match="another version"):
        Model.load(replace(whole, weights=whole.weights[1:]).dump())


@pytest.mark.parametrize("data", [b"", b"PK", b"no model at all", b"\x80\x04pickle"])
def test_a_file_that_is_no_model_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="model"):
        Model.load(data)
