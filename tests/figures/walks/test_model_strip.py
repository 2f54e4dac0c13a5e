"""The strip of the whole model: parsed as XML, its texts are texts and one part is lit."""

from xml.etree import ElementTree

import pytest

from analytics.figures.walks.model_strip import LONGEST, model_strip

SIZES = {"source": 5, "width": 256, "vocabulary": 6000, "encoder_layers": 3, "decoder_layers": 3}


def drawn(here: str, **texts: str) -> ElementTree.Element:
    given = {"source": "▁I ▁love", "written": "<pad>", "following": "▁J", **texts}
    strip = model_strip(here, **given, sizes=SIZES)
    return ElementTree.fromstring(strip[strip.index("<div") :])


@pytest.mark.parametrize(
    "here", ["encoder", "self_attention", "cross_attention", "feed_forward", "next_word"]
)
def test_one_part_is_lit(here):
    lit = [group for group in drawn(here).iter("g") if group.get("class") == "lit"]
    assert len(lit) == 1
    assert here.split("_")[0][:4] in "".join(lit[0].itertext()) or here == "next_word"
    assert here.replace("_", " ") in drawn(here).find("svg").get("aria-label")


def test_hostile_and_long_texts_stay_short_texts():
    strip = drawn(
        "", source="<script>alert(1)</script>", written="one two three four five six seven", following="'\"&"
    )
    texts = ["".join(text.itertext()) for text in strip.iter("text")]
    assert texts[0].startswith("<script>")
    assert any(text.endswith("six seven") for text in texts)
    assert "'\"&" in texts
    assert max(map(len, texts)) <= LONGEST + 5
    assert [group for group in strip.iter("g") if group.get("class")] == []
