"""SVG put together here: what comes in as text stays text, in contents and in attributes."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from analytics.figures.svg import Markup, element, join, picture, standing_alone

# What XML can hold at all; control characters are no business of a picture.
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"))


@given(TEXT, TEXT)
def test_any_text_is_read_back_as_it_was(inside: str, told: str) -> None:
    read = ElementTree.fromstring(element("text", inside, aria_label=told))
    assert (read.text or "") == inside
    assert read.get("aria-label") == told
    assert not list(read)


def test_only_markup_goes_in_as_it_is() -> None:
    made = element("g", element("rect", x=1), "<rect/>", Markup("<path/>"))
    assert made == "<g><rect x='1'/>&lt;rect/&gt;<path/></g>"
    # Put together with anything else it is a text again, and so escaped.
    assert "<rect" not in element("g", made + "")


def test_attributes_have_their_names_and_numbers_are_short() -> None:
    made = element("line", class_="own", stroke_width=0.50, x1=3, x2=1.0, y1=None)
    assert made == "<line class='own' stroke-width='0.5' x1='3' x2='1'/>"


def test_a_picture_says_in_words_what_it_shows() -> None:
    drawn = picture("dots", (20, 10.5), ".dots > g { fill: red }", element("g"), alt="a 'b' <c>", fixed=True)
    read = ElementTree.fromstring(drawn)
    assert read.get("aria-label") == "a 'b' <c>"
    assert (read.get("viewBox"), read.get("width"), read.get("height")) == ("0 0 20 10.5", "20", "10.5")
    assert [child.tag for child in read] == ["style", "g"]
    assert read[0].text == ".dots > g { fill: red }"


def test_a_file_of_its_own_has_a_namespace() -> None:
    file = ElementTree.fromstring(standing_alone(picture("dots", (1, 1), "", join([]), alt="")))
    assert file.tag == "{http://www.w3.org/2000/svg}svg"
