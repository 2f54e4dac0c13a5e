"""Numbers and names that a translation should have copied: what is told, and what is rightly otherwise."""

import re

import pytest

from analytics.transformer.decoder.copying import compare, copying, french_number, lost_numbers
from analytics.transformer.decoder.walk import trace_translation
from analytics.transformer.translator.loading import load_translator

RIGHT = (
    ("It rose by 12.5 per cent.", "Il a augmenté de 12,5 %."),
    ("They sold 12,000 cars.", "Ils ont vendu 12 000 voitures."),
    ("It costs 3,482.19 dollars.", "Ça coûte 3.482,19 dollars."),
    ("I have 3 apples.", "J'ai trois pommes."),
    ("He is 71.", "Il a soixante et onze ans."),
    ("Those 215 votes count.", "Ces deux-cent-quinze voix comptent."),
    ("We met in 1987.", "On s'est vus en mille neuf cent quatre-vingt-sept."),
    ("I left at 9:30.", "Je suis parti à 21 h 30."),
    ("Come at 8 o'clock.", "Viens à 08h00."),
    ("She has two cats and a dozen mice.", "Elle a 2 chats et 12 souris."),
    ("We meet on Monday, 17 July.", "On se voit lundi 17 juillet."),
    ("No number", ""),
)
WRONG = (
    ("It rose by 12.5 per cent in 2016.", "Il a augmenté de 15 pour cent en 20155.", "12.5 2016", "15 20155"),
    ("It rose by 12.5 per cent.", "Il a augmenté de 125 pour cent.", "12.5", "125"),
    ("In 2016, 2016 and 16", "En 20166", "2016 16", "20166"),
    ("He weighs 83 kilos.", "Il pèse 833 kilos.", "83", "833"),
    ("There are 16 of 40.", "Il y en a 1600.", "16 40", "1600"),
    ("It is far.", "C'est à 30 km.", "", "30"),
    ("Call 17.", "Appelle sept.", "17", ""),
    ("I left at 9.", "Je suis parti à 22 h.", "9", "22"),
)


def pieces(text: str, **spelled: str) -> list[str]:
    """Words as pieces, those of ``spelled`` cut as they say."""
    return [piece for word in text.split() for piece in f"▁{spelled.get(word.strip('.,'), word)}".split("_")]


@pytest.mark.parametrize(("source", "output"), RIGHT)
def test_numbers_that_are_written_otherwise_are_right(source: str, output: str) -> None:
    assert compare(pieces(source), pieces(output)).sentence == ""


@pytest.mark.parametrize(("source", "output", "lost", "new"), WRONG)
def test_numbers_that_changed_are_told(source: str, output: str, lost: str, new: str) -> None:
    found = compare(pieces(source), pieces(output))
    assert (found.lost, found.new) == (tuple(lost.split()), tuple(new.split()))
    assert "check these numbers" in found.sentence
    assert lost_numbers(source, output) == found.lost


def test_a_name_that_is_spelled_anew_is_told_and_its_pieces_are_marked() -> None:
    found = compare(
        pieces("I met Nakamura in London.", Nakamura="Na_ka_mura"),
        pieces("J'ai vu Nakamara à Londres.", Nakamara="Na_ka_mara"),
    )
    assert (found.lost, found.new) == (("Nakamura",), ("Nakamara",))
    assert found.steps == (2, 3, 4)
    assert found.sentence.startswith("The sentence has “Nakamura”; the output has “Nakamara” instead")


def test_names_that_are_copied_or_known_or_at_the_beginning_are_no_news() -> None:
    source = pieces("I met Nakamura in Germany.", Nakamura="Na_ka_mura")
    assert compare(source, pieces("J'ai vu Nakamura en Allemagne.", Nakamura="Naka_mura")).sentence == ""
    assert compare(pieces("It works."), pieces("Fonctionne. Marchant.", Marchant="Mar_chant")).sentence == ""


def test_french_numbers() -> None:
    # As the French Academy writes them, with spaces for hyphens.
    known = {0: "zéro", 17: "dix sept", 21: "vingt et un", 71: "soixante et onze", 77: "soixante dix sept",
             80: "quatre vingts", 81: "quatre vingt un", 91: "quatre vingt onze", 200: "deux cents",
             215: "deux cent quinze", 1000: "mille", 2003: "deux mille trois",
             12_400: "douze mille quatre cents"}  # fmt: skip
    assert {number: french_number(number) for number in known} == known


@pytest.mark.slow
def test_what_the_packaged_model_gets_wrong_is_told() -> None:
    translator = load_translator()
    for sentence in ("He weighs 83 kilos and is 42 years old.", "My friend works with Katarzyna in Leeds."):
        trace = trace_translation(sentence, model=translator)
        found = copying(trace)
        wanted = [one for one in ("83", "42", "Katarzyna", "Leeds") if one in sentence]
        assert set(found.lost) == {one for one in wanted if one not in re.findall(r"\w+", trace.translation)}
        shown = "".join(trace.tokens[place] for place in found.steps)
        assert all(one in shown for one in found.new)
    assert copying(trace_translation("There are 24 hours in a day.", model=translator)).sentence == ""
