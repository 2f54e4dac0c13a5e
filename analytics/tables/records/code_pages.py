"""Which code pages a text without a mark may be in, and how well each of them explains its bytes."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

from analytics.tables.records.letters import LANGUAGES, cost, words_of

_WEST = (
    "en_GB",
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "sv",
    "da",
    "nb",
    "fi",
    "is",
    "ca",
    "gl",
    "eu",
    "ga",
    "af",
    "sq",
)
_MIDDLE = ("pl", "cs", "sk", "hu", "ro", "hr", "sl", "sq", "de", "en_GB")
_BALTIC = ("lt", "lv", "et", "en_GB")
_TURKISH = ("tr", "en_GB")
_CYRILLIC = ("ru", "uk", "bg", "sr", "be", "mk")

_CANDIDATES: tuple[tuple[str, float, tuple[str, ...]], ...] = (
    ("windows-1252", 0, _WEST),
    ("windows-1250", 2, _MIDDLE),
    ("windows-1251", 2, _CYRILLIC),
    ("windows-1253", 2, ("el",)),
    ("windows-1254", 2.5, _TURKISH),
    ("windows-1255", 3, ("he",)),
    ("windows-1256", 3, ("ar", "fa")),
    ("windows-1257", 3, _BALTIC),
    ("windows-1258", 4, ("vi",)),
    ("iso-8859-2", 3, _MIDDLE),
    ("iso-8859-3", 8, ("eo", "mt", "en_GB")),
    ("iso-8859-4", 7, _BALTIC),
    ("iso-8859-5", 5, _CYRILLIC),
    ("iso-8859-6", 5, ("ar",)),
    ("iso-8859-7", 3, ("el",)),
    ("iso-8859-8", 5, ("he",)),
    ("iso-8859-9", 3.5, _TURKISH),
    ("iso-8859-13", 5, _BALTIC),
    ("iso-8859-14", 9, ("cy", "ga", "en_GB")),
    ("iso-8859-15", 2, _WEST),
    ("iso-8859-16", 7, ("ro", "pl", "hu", "en_GB")),
    ("koi8-r", 3, ("ru", "bg")),
    ("koi8-u", 4, ("uk", "ru", "be")),
    ("cp866", 3, ("ru", "bg", "be")),
    ("cp1125", 6, ("uk",)),
    ("cp855", 7, ("sr", "mk", "bg", "ru")),
    ("mac-cyrillic", 6, _CYRILLIC),
    ("mac-roman", 6, _WEST),
    ("mac-latin2", 8, _MIDDLE),
    ("mac-croatian", 9, ("hr", "sl")),
    ("mac-romanian", 9, ("ro",)),
    ("mac-turkish", 8, _TURKISH),
    ("mac-greek", 8, ("el",)),
    ("mac-iceland", 9, ("is",)),
    ("cp437", 6, _WEST),
    ("cp850", 5, _WEST),
    ("cp852", 4, _MIDDLE),
    ("cp857", 6, _TURKISH),
    ("cp775", 8, _BALTIC),
    ("cp737", 6, ("el",)),
    ("cp869", 8, ("el",)),
    ("cp862", 7, ("he",)),
    ("cp864", 9, ("ar",)),
    ("cp720", 8, ("ar",)),
    ("cp865", 8, ("nb", "da")),
    ("cp861", 9, ("is",)),
    ("cp860", 9, ("pt",)),
    ("cp863", 9, ("fr",)),
    ("cp874", 3, ("th",)),
    ("tis-620", 4, ("th",)),
    ("kz1048", 8, ("kk", "ru")),
    ("ptcp154", 9, ("kk", "ru")),
    ("cp932", 2, ("ja",)),
    ("euc-jp", 3, ("ja",)),
    ("gb18030", 2, ("zh_CN",)),
    ("big5hkscs", 3, ("zh_TW",)),
    ("cp949", 2.5, ("ko",)),
    ("johab", 9, ("ko",)),
)  # fmt: skip
"""Name, how rare it is in bits (2 bits are one file in four), languages. The rareness is an estimate: of
files made today most are from Windows, then Unix, then DOS and old Macs."""

ENCODINGS: dict[str, tuple[str, ...]] = {
    "Unicode": (
        "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-7",
    ),
    "Western European": (
        "windows-1252", "latin-1", "iso-8859-15", "mac-roman", "cp850", "cp437", "cp858", "iso-8859-10",
        "iso-8859-14", "hp-roman8", "cp860", "cp861", "cp863", "cp865", "mac-iceland", "palmos",
    ),
    "Central European": (
        "windows-1250", "iso-8859-2", "cp852", "mac-latin2", "iso-8859-16", "mac-croatian", "mac-romanian",
    ),
    "Baltic": ("windows-1257", "iso-8859-13", "iso-8859-4", "cp775"),
    "Cyrillic": (
        "windows-1251", "koi8-r", "koi8-u", "cp866", "iso-8859-5", "mac-cyrillic", "cp855", "cp1125",
        "koi8-t", "ptcp154", "kz1048",
    ),
    "Greek": ("windows-1253", "iso-8859-7", "cp737", "cp869", "mac-greek", "cp875"),
    "Turkish": ("windows-1254", "iso-8859-9", "cp857", "mac-turkish", "cp1026"),
    "South European": ("iso-8859-3",),
    "Hebrew": ("windows-1255", "iso-8859-8", "cp862", "cp856", "cp424"),
    "Arabic and Persian": (
        "windows-1256", "iso-8859-6", "cp720", "cp864", "mac-arabic", "mac-farsi", "cp1006",
    ),
    "Thai": ("cp874", "tis-620", "iso-8859-11"),
    "Vietnamese": ("windows-1258",),
    "Japanese": (
        "cp932", "shift_jis", "euc_jp", "iso2022_jp", "shift_jis_2004", "shift_jisx0213", "euc_jis_2004",
        "euc_jisx0213", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_2004", "iso2022_jp_3", "iso2022_jp_ext",
    ),
    "Chinese": ("gb18030", "gbk", "gb2312", "hz", "big5", "cp950", "big5hkscs"),
    "Korean": ("cp949", "euc_kr", "johab", "iso2022_kr"),
    "Mainframes (EBCDIC)": ("cp037", "cp500", "cp1140", "cp273"),
    "Escapes": ("ascii", "unicode_escape", "raw_unicode_escape"),
}  # fmt: skip
"""Every encoding of text that Python's standard library has, by the languages that are written in it."""

MOST_WORDS = 150
"""Different words that are weighed; on the test's texts 40 already settle what can be settled."""
_NOT_LATIN = frozenset("ar be bg el fa he ja kk ko mk ru sr th uk zh_CN zh_TW".split())
_MOSTLY_LATIN = 6.0
"""Bits against another script where a word of it stands in lines of ASCII: one file in 64, a guess."""
_ALONE = 4.0
"""Bits against one letter of another script, or one sign of East Asia, as all there is; °C is likelier."""
_STRANGE = 10.0
"""Bits a letter above which nothing makes sense: signs of East Asia cost up to 10, letters half of it."""
_WORDLIKE = 5.0
"""Bits a letter: words of a language cost 3 to 4.5, letters in any order 5 and more."""
_UTF8_IS_USUAL = 10.0
"""Bits in favour of UTF-8: of files made today it is in most, and bytes are seldom valid in it by chance."""
_LETTERS = b"abcdefghijklmnopqrstuvwxyz"
_ENDS = str.maketrans("", "", "\n0")
_HIGH = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True)
class Reading:
    """One code page that fits: its text of the sample, what that costs in bits, and the likely language."""

    encoding: str
    text: str
    bits: float
    language: str
    words: int = 1
    wordlike: bool = False
    """Whether its words are of letters alone, capitals where they belong, and cost as little as words do."""

    strange: bool = False
    """Whether its words cost so much that they are hardly words of any language known here."""

    @property
    def label(self) -> str:
        """The code page with its language, for people."""
        return f"{self.encoding} ({LANGUAGES[self.language]})" if self.language else self.encoding


def readings(sample: bytes, *, mixed: bool = False) -> list[Reading]:
    """The readings of a sample that differ, the most plausible first; at least one.

    ``mixed``: UTF-8 with some bytes that are not is one of them.
    """
    found: dict[str, Reading] = {}
    strange = _MOSTLY_LATIN if _is_mostly_ascii(sample) else 0.0
    strange += _ALONE if len(_HIGH.findall(sample)) <= 2 else 0.0
    for encoding, rareness, languages in _CANDIDATES:
        text = _text(sample, encoding)
        if text is None:
            continue
        reading = _weighed(encoding, text, languages)
        bits = reading.bits + rareness + (strange if reading.language in _NOT_LATIN else 0.0)
        before = found.get(text)
        found[text] = replace(before or reading, bits=min(bits, before.bits) if before else bits)
    if mixed:
        text = sample.decode("utf-8", errors="replace")
        reading = _weighed("utf-8", text, tuple(LANGUAGES))
        found[text] = replace(reading, bits=reading.bits - _UTF8_IS_USUAL)
    ordered = sorted(found.values(), key=lambda reading: reading.bits)
    other = _second_opinion(sample) if ordered[0].strange else None
    if other is not None and other.text not in found:
        ordered.insert(1, other)
    return ordered


def _second_opinion(sample: bytes) -> Reading | None:
    """What charset-normalizer takes a text for whose language has no table here."""
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    if best is None or best.encoding in ("utf_8", "ascii"):
        return None
    name = codecs.lookup(best.encoding).name
    return Reading(name, sample.decode(name, errors="replace"), 0.0, "")


def _weighed(encoding: str, text: str, languages: tuple[str, ...]) -> Reading:
    words = words_of(text, most=MOST_WORDS)
    bits, language = cost(words, languages)
    letters = max(1, len(words.lowered) - 1)
    plain = not words.alone.any() and words.lowered.translate(_ENDS).isalpha()
    return Reading(
        encoding, text, bits, language, len(words.starts),
        wordlike=plain and bits < _WORDLIKE * letters,
        strange=bits > _STRANGE * letters,
    )  # fmt: skip


def _is_mostly_ascii(sample: bytes) -> bool:
    """Whether ASCII letters outnumber the other bytes by far, as only Latin text has it."""
    letters = sum(sample.count(bytes([letter])) for letter in _LETTERS)
    return letters > 3 * len(_HIGH.findall(sample))


def _text(sample: bytes, encoding: str) -> str | None:
    """The sample in this code page; ``None`` where over a tenth of what is not ASCII has no meaning in it.

    windows-1252 always stands: Python leaves five bytes of it undefined that its files do use.
    """
    text = sample.decode(encoding, errors="replace")
    beyond = len(text) - len(text.encode("ascii", errors="ignore"))
    return text if text.count("\ufffd") <= 0.1 * beyond or encoding == "windows-1252" else None
