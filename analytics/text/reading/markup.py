"""What is no text in texts: markup, entities, addresses, quoted mail; found, counted and taken out."""

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analytics.text.arguments import as_texts

_TAG = re.compile(
    r"<(?:/?[a-zA-Z][\w:-]*(?:\s[^<>]{0,2000})?/?|!--.{0,5000}?--|![a-zA-Z][^<>]{0,500})>", re.S
)
_BLOCK = re.compile(r"(?i)^</?(?:br|p|div|li|tr|h[1-6]|ul|ol|table|blockquote)\b")
_SCRIPT = re.compile(r"(?i)<(script|style)\b[^>]{0,500}>")
_ENDS_SCRIPT = {name: re.compile(rf"(?i)</{name}\s{{0,9}}>") for name in ("script", "style")}
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_ADDRESS = re.compile(
    r"\b(?:https?://|www\.)[^\s<>\"'）】]+|\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", re.I
)
_QUOTED = re.compile(r"(?m)^[ \t]{0,4}>.*$\n?")
_BEGINS_QUOTE = re.compile(
    r"(?mi)^(?:On .{5,200} wrote:|Am .{5,200} schrieb.{0,100}:|Le .{5,200} a écrit ?:"
    r"|-{2,}\s{0,3}(?:Original Message|Ursprüngliche Nachricht|Forwarded message)\s{0,3}-{2,}).*$"
)
_MOST_ENCODED = 3  # "&amp;#38;", as in the sample of opinions, was encoded twice on its way
_SIGNATURE = re.compile(r"(?m)^-- ?$")
_BLANKS = re.compile(r"[ \t]{2,}")
_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Stripped:
    """Texts without what is no text, and in how many texts each kind of it was found.

    Attributes:
        texts: (n,) what is left; a text of which nothing is left stays as it was.
        counts: texts that had it, by the kind's name; kinds that none had are not there.
        changed: places of the texts that changed.
    """

    texts: tuple[str, ...]
    counts: dict[str, int]
    changed: tuple[int, ...]


def strip_markup(texts: Sequence[str]) -> Stripped:
    """Take HTML and entities, addresses of the web and of mail, quoted mail and signatures out of texts."""
    counts = dict.fromkeys(_KINDS, 0)
    left, changed = [], []
    for place, text in enumerate(as_texts(texts)):
        made = text
        found = []
        for name, take_out in _KINDS.items():
            before, made = made, take_out(made)
            if made != before:
                found.append(name)
        made = _LINES.sub("\n\n", _BLANKS.sub(" ", made)).strip() if found else text
        if found and made:
            for name in found:
                counts[name] += 1
            changed.append(place)
        left.append(made or text)
    return Stripped(tuple(left), {name: many for name, many in counts.items() if many}, tuple(changed))


def _without_tags(text: str) -> str:
    if "<" not in text:
        return text
    return _TAG.sub(lambda tag: "\n" if _BLOCK.match(tag[0]) else " ", _without_scripts(text))


def _without_scripts(text: str) -> str:
    """The text without what a browser runs or styles with; what has no end is left, tags are taken later."""
    parts, done = [], 0
    while begins := _SCRIPT.search(text, done):
        ends = _ENDS_SCRIPT[begins[1].lower()].search(text, begins.end())
        if not ends:
            break
        parts += [text[done : begins.start()], " "]
        done = ends.end()
    return "".join([*parts, text[done:]])


def _without_entities(text: str) -> str:
    for _ in range(_MOST_ENCODED):
        before, text = text, _ENTITY.sub(lambda one: html.unescape(one[0]), text) if "&" in text else text
        if text == before:
            break
    return text


def _without_addresses(text: str) -> str:
    return _ADDRESS.sub(" ", text) if "@" in text or "://" in text or "www." in text.lower() else text


def _without_quotes(text: str) -> str:
    if "\n" not in text:
        return text
    for begins in (_BEGINS_QUOTE, _SIGNATURE):
        start = begins.search(text)
        if start and text[: start.start()].strip():
            text = text[: start.start()]
    return _QUOTED.sub("", text)


_KINDS: dict[str, Callable[[str], str]] = {
    "HTML tags": _without_tags,
    "HTML entities": _without_entities,
    "quoted mail or a signature": _without_quotes,
    "web or mail addresses": _without_addresses,
}
