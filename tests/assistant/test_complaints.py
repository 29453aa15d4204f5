"""The complaint models are trained reproducibly, measured honestly, and moved by a firm's own corrections."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from assistant.cli import console
from assistant.cli.app import app
from assistant.complaints import corpus, evaluating
from assistant.complaints.corpus import Example
from assistant.complaints.correcting import compared, corrected
from assistant.complaints.logistic import fit
from assistant.complaints.shipped import assessor, classes, shipped
from assistant.complaints.training import train
from assistant.complaints.vectors import Rows, rows_of
from assistant.settings import load
from rules.complaints.assessing import Assessor, Judge, new_text
from rules.complaints.model import HEADS, Model
from rules.terms.complaint import Assessment, Category
from rules.terms.errors import WrongUse
from rules.terms.finding import Evidence
from storage.pool import Pool

KINDS = {
    "complaint": "clear demand repeated angry escalation implicit polite ironic buried safety data_protection".split(),
    "negative": (
        "thanks_after question_about_terms supplier_apology supplier_delay applicant newsletter own_mistake price_talk"
        " neutral_cancellation dunning_to_us urgent_content old_complaint_quoted internal_talk report_about_complaints"
        " health_beschwerden neutral_return praise_with_but_content third_party_fault"
    ).split(),
}
THINGS = (
    "Pumpe Tür Lampe Heizung Maschine Rechnung Lieferung Matratze Uhr Brille Treppe Küche Säge Waage Kanne Bürste"
    " Pfanne Kasse Leiter Presse Kamera Batterie Dusche Markise"
).split()


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "_language", ["en"])


def small_corpus() -> list[Example]:
    """Small texts of three files: things that broke, things to buy, things that are well again."""
    made = []
    for number, thing in enumerate(THINGS):
        source = f"file-{number % 3}"
        broken = f"Die {thing} ist seit gestern kaputt und niemand hilft uns."
        made += [
            Example(
                f"c{number}", "de", "", f"Guten Tag. {broken}", True, 1 + number % 3, Category.QUALITY, (broken,),
                "complaint", "clear", source,
            ),
            Example(
                f"o{number}", "de", "", f"Guten Tag. Was kostet die {thing} im neuen Jahr bei Ihnen?", False, 0,
                Category.NONE, (), "ordinary", "enquiry", source,
            ),
            Example(
                f"n{number}", "de", "", f"Die {thing} läuft wieder, vielen Dank für Ihre schnelle Hilfe.", False, 0,
                Category.NONE, (), "negative", "thanks_after", source,
            ),
        ]  # fmt: skip
    return made


def run(*words: str | Path, given: str = "") -> Result:
    result = CliRunner().invoke(app, [*map(str, words)], input=given)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def judges(model: Model) -> Assessor:
    return Assessor({"de": lambda: judge_of(model)}, dict)


def judge_of(model: Model) -> Judge:
    return replace(assessor().judge("de"), model=model)


def written(folder: Path, texts: Sequence[Example]) -> Path:
    file = folder / "texts.jsonl"
    lines = [
        {
            "id": one.id, "lang": one.language, "text": one.text, "flag": one.flag, "severity": one.severity,
            "category": one.category, "phrases": one.phrases, "group": one.group, "kind": one.kind,
        }
        for one in texts
    ]  # fmt: skip
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return file


def test_the_same_texts_give_the_same_bytes_and_the_model_has_learned_from_them() -> None:
    told: list[tuple[int, int]] = []
    model = train(small_corpus(), classes("de"), lambda done, total: told.append((done, total)))
    assert train(small_corpus(), classes("de")).dump() == model.dump()
    assert told[-1] == (len(HEADS), len(HEADS))
    again = judges(Model.load(model.dump()))
    assert again.assess("Die Anlage ist seit gestern kaputt und niemand hilft.", "", "de").flag
    assert not again.assess("Was kostet die Anlage im neuen Jahr?", "", "de").flag
    assert again.assess("Die Anlage läuft wieder, vielen Dank für die schnelle Hilfe.", "", "de").relieved


def test_turns_of_phrase_teach_the_words_that_the_texts_avoid() -> None:
    text, sayings = "Sie sind so unfreundlich zur Kundschaft.", {"so unfreundlich": True, "sehr freundlich": False}
    texts = [*small_corpus()]
    for number in range(3):
        for flag in (True, False):
            said = "Sie sind zur Kundschaft so unfreundlich wie immer gewesen."
            texts.append(Example(f"u{number}{flag}", "de", "", said, flag, source=f"file-{number}"))
    plain, taught = (train(texts, classes("de"), sayings=some) for some in ({}, sayings))
    assert judges(taught).assess(text, "", "de").probability > judges(plain).assess(text, "", "de").probability


def test_texts_of_one_sort_are_not_enough_to_train() -> None:
    with pytest.raises(WrongUse, match="complaints"):
        train([one for one in small_corpus() if not one.flag], classes("de"))


def test_the_fit_is_where_the_gradient_is_nothing() -> None:
    values = np.random.default_rng(3).normal(size=(40, 9))
    places = np.tile(np.arange(9), 40)
    rows = Rows(
        np.arange(9, dtype=np.int32),
        np.ones(9, np.float32),
        np.arange(0, 361, 9),
        places,
        values.ravel().astype(np.float32),
    )
    targets = (values[:, 0] + values[:, 1] > 0).astype(float)
    importance = np.where(targets > 0, 2.0, 0.5)
    given = values[:, 2] / 3
    found = fit(rows, targets, importance, 0.7, given)
    pull = importance * (targets - 1 / (1 + np.exp(-(values @ found.weights + found.bias + given))))
    assert np.allclose(values.T @ pull, 0.7 * found.weights, atol=0.1)
    assert abs(pull.sum()) < 0.1


def test_rows_can_be_taken_and_summed_even_where_nothing_stands() -> None:
    rows = rows_of(
        [(np.array([3, 8]), np.array([1, 2])), (np.array([5]), np.array([1])), (np.array([8]), np.array([1]))],
        np.array([3, 8, 9], np.int32),
        np.ones(3, np.float32),
    )
    dense = np.zeros((3, 3))
    dense[np.repeat(np.arange(3), np.diff(rows.ptr)), rows.places] = rows.values
    weights = np.array([1.0, 2.0, 4.0])
    assert np.allclose(rows.logits(weights), dense @ weights)
    assert np.allclose(rows.summed(weights), dense.T @ weights)
    assert rows.held(weights).tolist() == [1.0, 5.0, 0.0]
    assert np.allclose(rows.taken(np.array([2, 1])).logits(weights), dense[[2, 1]] @ weights)


def test_corrections_move_the_shipped_model_and_it_needs_no_other_texts() -> None:
    model = train(small_corpus(), classes("de"))
    joke = "Die Fontäne im Foyer plätschert heute ganz besonders dekorativ über den Teppich der Eingangshalle."
    before = judges(model).assess(joke, "", "de")
    texts = [Example(str(number), "de", "", small.text, small.flag) for number, small in enumerate(small_corpus())]
    texts.append(Example("joke", "de", "", "Die Uhr kostet neuen Teppich. " + texts[1].text, True))
    after = corrected(model, texts, classes("de"))
    moved = judges(after).assess(texts[-1].text, "", "de")
    assert moved.probability > judges(model).assess(texts[-1].text, "", "de").probability
    assert judges(after).assess(joke, "", "de").probability == pytest.approx(before.probability, abs=0.3)
    assert corrected(model, [], classes("de")) is model
    both = compared(judge_of(model), texts, "de")
    assert both.before.sets["all"].texts == both.after.sets["all"].texts == len(texts)


def test_figures_are_what_their_names_say() -> None:
    def judged(flag: bool, found: bool, probability: float, **more: object) -> tuple[Example, Assessment]:
        example = Example("x", "de", "", "", flag, group="complaint" if flag else "ordinary", **more)  # type: ignore[arg-type]
        evidence = (Evidence("complaint.late", "seit drei Wochen nichts"),) if found else ()
        return example, Assessment(found, not found, probability, 2, Category.DELIVERY, evidence)

    texts = [
        judged(True, True, 0.9, severity=2, category=Category.DELIVERY, phrases=("seit drei Wochen",)),
        judged(True, True, 0.8, severity=1, category=Category.OTHER, phrases=("ganz woanders her",)),
        judged(True, False, 0.4),
        judged(False, True, 0.6),
        judged(False, False, 0.1),
    ]
    report = evaluating.report(texts)
    figures = report.sets["de"]
    assert (figures.texts, figures.complaints) == (5, 3)
    assert figures.precision == figures.recall == figures.f1 == 0.6667
    assert figures.auc == pytest.approx(5 / 6, abs=1e-4)
    assert (figures.false_alarms, figures.shown, figures.checks) == (0.5, 1.0, 0.5)
    assert figures.at_rate == pytest.approx(0.6667 * 0.03 / (0.6667 * 0.03 + 0.5 * 0.97), abs=1e-3)
    assert (report.severity_right, report.category_right, report.phrases) == (0.5, 0.5, 0.5)
    assert report.severity == {"1 → 2": 1, "2 → 2": 1}


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=40))
def test_auc_counts_pairs(pairs: list[tuple[bool, int]]) -> None:
    some = [score for true, score in pairs if true]
    others = [score for true, score in pairs if not true]
    if not some or not others:
        return
    won = sum((one > other) + (one == other) / 2 for one in some for other in others)
    found = evaluating.auc([true for true, _ in pairs], [float(score) for _, score in pairs])
    assert found == pytest.approx(won / (len(some) * len(others)))


def test_assess_answers_each_line_in_order_and_says_what_is_wrong_with_one(tmp_path: Path) -> None:
    lines: list[dict[str, str | int]] = [
        {"id": "a", "text": "Die Pumpe ist schon wieder undicht und niemand ruft zurück."},
        {"id": 2, "text": "Thank you, Tuesday suits us well.", "subject": "Visit", "lang": "en"},
        {"id": "c", "text": ""},
    ]
    given = "\n".join(map(json.dumps, lines)) + "\n\n"
    answers = [json.loads(line) for line in run("assess", given=given).output.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", 2, "c"]
    assert [answer["flag"] for answer in answers] == [True, False, False]
    first = answers[0]
    assert first["language"] == "de"
    assert first["category"] != "none"
    assert first["evidence"][0].keys() == {"reason", "quote"}
    assert first["evidence"][0]["quote"] in str(lines[0]["text"])
    file = tmp_path / "texts.jsonl"
    file.write_text(given, encoding="utf-8")
    assert len(run("assess", file).output.splitlines()) == 3
    for bad in ("[]", "{}", '{"id": 1, "text": 3}', "no json"):
        with pytest.raises(WrongUse, match="Line 2"):
            run("assess", given=f"{json.dumps(lines[0])}\n{bad}\n")
    with pytest.raises(WrongUse, match="cannot be read"):
        run("assess", tmp_path / "nothing")


def test_models_are_trained_measured_and_written_by_command(tmp_path: Path) -> None:
    file = written(tmp_path, small_corpus())
    trained = run("complaints", "train", file, "--language", "de", "--out", tmp_path / "made")
    assert "72 texts" in trained.output
    model = Model.load((tmp_path / "made" / "de.npz").read_bytes())
    assert model.weights.shape[0] == len(HEADS)
    told = run("complaints", "evaluate", file, "--models", tmp_path / "made").output
    assert "de/complaint" in told
    assert "quote overlaps" in told
    figures = json.loads(run("complaints", "evaluate", file, "--models", tmp_path / "made", "--json").stdout)
    assert figures["sets"]["de"]["recall"] > 0.9
    with pytest.raises(WrongUse, match="xx"):
        run("complaints", "train", file, "--language", "xx", "--out", tmp_path)


def test_any_labelled_file_is_measured_and_a_bad_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_text(
        '{"id": 1, "text": "Everything is broken again, nobody answers.", "lang": "en", "label": 1, "category": null}\n'
        '{"id": 2, "text": "What does it cost?", "lang": "en", "label": 0}\n{"id": 3, "text": "?", "label": null}\n',
        encoding="utf-8",
    )
    assert [example.flag for example in corpus.examples([file])] == [True, False]
    assert run("complaints", "evaluate", file).exit_code == 0
    file.write_text('{"id": 1, "label": 1}\n', encoding="utf-8")
    with pytest.raises(WrongUse, match=r"labels\.jsonl, line 1"):
        list(corpus.examples([file]))
    with pytest.raises(WrongUse, match="cannot be read"):
        list(corpus.examples([tmp_path / "nothing.jsonl"]))


@pytest.mark.parametrize("language", corpus.LANGUAGES)
def test_the_shipped_models_are_small_and_whole(language: str) -> None:
    model = shipped(language)
    assert len(model.dump()) < 10_000_000
    look, flag, relief = model.thresholds.tolist()
    assert 0 < look < flag < 1
    assert 0 < relief < 1
    assert assessor().judge(language).model.weights.shape == model.weights.shape


def project_texts() -> Iterator[tuple[Path, dict[str, object]]]:
    for file in sorted(corpus.FOLDER.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield file, json.loads(line)


def test_the_projects_texts_are_labelled_as_promised() -> None:
    ids = set()
    for file, read in project_texts():
        where = f"{file.name}: {read['id']}"
        assert read["id"] not in ids, where
        ids.add(read["id"])
        assert file.name.startswith(f"{read['lang']}-"), where
        text, phrases = str(read["text"]), read["phrases"]
        assert isinstance(phrases, list), where
        assert text.strip(), where
        if read["flag"]:
            assert read["group"] == "complaint", where
            assert read["severity"] in (1, 2, 3), where
            assert Category(str(read["category"])) is not Category.NONE, where
            assert 1 <= len(phrases) <= 3, where
        else:
            assert read["group"] in ("negative", "ordinary"), where
            assert (read["severity"], read["category"], phrases) == (0, "none", []), where
        if read["group"] in KINDS:
            assert read["kind"] in KINDS[str(read["group"])], where
        for phrase in phrases:
            assert phrase in text, where


@pytest.mark.parametrize("language", corpus.LANGUAGES)
def test_the_second_measure_is_labelled_and_stands_in_no_other_part(language: str) -> None:
    second = list(corpus.examples([corpus.FOLDER.parent / "second" / f"{language}.jsonl"]))
    assert len(second) == 160
    for example in second:
        assert example.language == language, example.id
        assert example.flag == (example.group == "complaint") == bool(example.phrases), example.id
        assert all(phrase in example.text for phrase in example.phrases), example.id
    assert {example.text for example in second}.isdisjoint(str(read["text"]) for _, read in project_texts())


def test_development_texts_share_no_story_and_no_voice_with_training_texts() -> None:
    seen: dict[str, dict[str, set[object]]] = {"train": {}, "dev": {}}
    for file, read in project_texts():
        part = seen[file.name.split("-")[1]]
        for name in ("theme", "voice", "text"):
            part.setdefault(f"{read['lang']} {name}", set()).add(read[name])
    for name, values in seen["train"].items():
        shared = values & seen["dev"].get(name, set())
        assert not shared, f"{name}: {sorted(map(str, shared))[:5]}"


def test_the_labelled_phrases_stand_in_the_new_text() -> None:
    quoted = [
        read["id"]
        for _, read in project_texts()
        for phrase in read["phrases"]  # type: ignore[attr-defined]
        if phrase not in new_text(str(read["text"]), str(read["subject"]))
    ]
    assert len(quoted) <= 0.02 * sum(1 for _ in project_texts()), quoted[:10]


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    """A firm's settings file, with a pool of its own."""
    file = tmp_path / "kingpost.toml"
    file.write_text('[firm]\nlanguage = "en"\n')
    Pool.create(f"sqlite:///{tmp_path}/kingpost-data/pool.sqlite", str(tmp_path / "kingpost-data/blobs")).close()
    return file


def test_other_models_are_taken_into_use_and_given_back(firm: Path) -> None:
    new = firm.parent / "new"
    new.mkdir()
    (new / "de.npz").write_bytes(train(small_corpus(), classes("de")).dump())
    own = load(firm).complaint_models / "de.npz"
    assert "de" in run("--config", firm, "complaints", "use", new).output
    assert own.read_bytes() == (new / "de.npz").read_bytes()
    assert "shipped" in run("--config", firm, "complaints", "use", "--shipped").output
    assert not own.exists()
    (new / "de.npz").write_bytes(b"no model")
    for words in (("use", new), ("use", firm.parent / "nothing"), ("use",), ("use", new, "--shipped")):
        with pytest.raises(WrongUse):
            run("--config", firm, "complaints", *words)
    assert not own.exists()


def test_without_corrections_nothing_is_moved(firm: Path) -> None:
    out = firm.parent / "moved"
    told = run("--config", firm, "complaints", "train", "--with-feedback", "--out", out).output
    assert told.count("no corrections") == 2
    assert not out.exists()


def test_corrections_of_staff_are_compared_before_they_are_written(firm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = [
        {"id": one.id, "lang": "de", "subject": "", "text": one.text, "flag": one.flag, "severity": None}
        for one in small_corpus()
    ]
    monkeypatch.setattr("assistant.complaints.feedback.labelled", lambda pool, firm: iter(said))
    out = firm.parent / "moved"
    told = run("--config", firm, "complaints", "train", "--with-feedback", "--language", "de", "--out", out).output
    assert "before" in told
    assert "after" in told
    moved = Model.load((out / "de.npz").read_bytes())
    assert (moved.weights[0] != shipped("de").weights[0]).any()
    assert (moved.weights[1:] == shipped("de").weights[1:]).all()
