"""Digits that are a name, not a quantity: by the column's name, by their shape, by their check digits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.typed.cells import Cells, matches

_SURE = (
    "zip|zip_?code|post_?code|postal|postal_?code|plz|postleitzahl|code_?postal|codigo_?postal|código_?postal|c_?p"
    "|cep|post_?(?:nummer|nr)|psč|psc|kod_?pocztowy|irányítószám|posta_?kodu|pincode|pin_?code|pin"
    "|phone|phone_?(?:no|number|nr)|telephone|tele?fon\\w*|téléphone|teléfono|telefone|tel|tel_?(?:no|nr)|mobile"
    "|mobil|handy|móvil|movil|celular|cellulare|portable|rufnummer|fax|puhelin\\w*|телефон|τηλέφωνο"
    "|isbn|issn|ean|upc|gtin|imei|iban|bic|swift|ssn|nif|nie|dni|cpf|cnpj|siret|siren|pesel|nip|regon|steuer_?nr"
    "|ust_?id|vat_?(?:id|no)|tax_?id|sku|ip|ip_?addr(?:ess|esse)?|ipv4|mac|version|ver|release|firmware|versión|versão"
)
_LIKELY = (
    "id|ids|uid|code|codes|kod|kód|codigo|código|codice|κωδικός|код|key|nummer|numero|número|account|acct|konto|compte"
    "|cuenta|conta|rekening|účet|rachunek|tilinumero|(?:account|customer|client|order|invoice|member|contract|serial"
    "|article|item|part)_?(?:no|nr|num|number|id)|\\w*(?:kunden?|konto|artikel|rechnungs|beleg|mitglieds|matrikel"
    "|vertrags|auftrags|personal|debitor(?:en)?|kreditor(?:en)?|bestell)_?(?:nr|nummer)|\\w+nummer|\\w+_nr|debitor"
    "|kreditor|naics|sic|nace|fips|geoid|isco|cpv|insee|nuts|lau|npi|ndc|cusip|wkn|duns|ein|unspsc|taric|pzn|client_?code|n(?:um)?_?(?:cliente?|client|factura|facture|compte|cuenta)|matricule|matrícula"
)
_SECTIONS = (
    "(?:sub_?)?sections?|chapters?|clauses?|paragraphs?|wbs|outline|abschnitt|kapitel|gliederung|ziffer|chapitre|capítulo"
    "|capitulo|sección|seccion|sezione|capitolo|seção|secao|hoofdstuk|paragraaf|rozdział|kapitola|avsnitt|раздел|глава"
    "|пункт|κεφάλαιο|bölüm|章|節|条|annex|appendix|anhang|icd(?:_?(?:9|10|11))?(?:_?cm)?|dewey|ddc|udc|udk"
)
"""What parts its numbers by points: chapters, classes of books and illnesses."""
_PROGRAMS = (
    "python|php|perl|ruby|java|jdk|jre|node|node_?js|golang|django|kernel|ubuntu|debian|fedora|android|ios"
    "|macos|postgres(?:ql)?|mysql|mariadb|numpy|pandas|openssl|gcc|cuda"
)
"""What has releases, and a share of the market or a rank."""
DATE_NAMES = re.compile(
    r"(?i)date|datum|fecha|\bdata\b|dato\b|päivä|tarih|dátum|day|\btag\b|time|zeit|stamp|epoch|\bts\b|month|monat|period"
    r"|дата|_at$|日期|日付|日時|年月日|时间|時間|날짜|일자|일시|시간|ngày|tanggal|วันที่|تاريخ|ημερομηνία"
)
"""Headers that speak for dates where few cells do, or where numbers may count days or seconds."""
_BEFORE, _AFTER = r"(?:^|[^a-zà-ÿ])", r"(?:[^a-zà-ÿ]|$)"
_SURE_NAMES = re.compile(f"{_BEFORE}(?:{_SURE}){_AFTER}", re.IGNORECASE)
"""Headers under which digits are a code whatever they look like, unless they are short."""
_LIKELY_NAMES = re.compile(f"{_BEFORE}(?:{_LIKELY}){_AFTER}", re.IGNORECASE)
"""Headers under which digits of one width are a code, and others may be a count."""
_SECTION_NAMES = re.compile(f"{_BEFORE}(?:{_SECTIONS}){_AFTER}", re.IGNORECASE)
"""Headers under which a point parts a number from the next: 1.10 comes after 1.9 and is not 1.1."""
_PROGRAM_NAMES = re.compile(f"{_BEFORE}(?:{_PROGRAMS}){_AFTER}", re.IGNORECASE)
"""Headers under which it may."""
_BREAK = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])|[\s./°-]+")
"""Where a name is made of two words."""
_LONGEST_NAME = 300  # characters: questions of surveys are shorter, and the expressions stay quick

WIDE = 5
"""Digits from which numbers of one width under a likely name are codes: counters are shorter, or vary."""

_WIDEST_QUANTITY = 9
"""Quantities of one width and more digits than these are rare; account numbers are not."""

TWO_NAMES = re.compile(r"^[^,]+,[^, ][^,]*$")
"""A name with a comma and no blank behind it, which may be the names of two columns."""

FEWEST = 5
"""Rows from which a width that all share says something."""

MONTH = "(?:1[89]|20|21)[0-9]{2}(?:0[1-9]|1[0-2])"
"""A year and its month in six digits; a number is such by chance one time in 250."""

_CARDS = (14, 19)
"""Digits of payment cards and of telephones' own numbers (IMEI 15); at 13 stand milliseconds and EAN."""

BOOK = re.compile(r"^97[89]")

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
ADDRESS = rf"^{_OCTET}(?:\.{_OCTET}){{3}}$"
POINTED = r"^[0-9]{1,3}(?:\.[0-9]{3}){2,}$"
_PARTED = r"^[0-9]{2,}\.[0-9]+$"
_NUMBERED = r"^[0-9]{1,3}(?:\.[0-9]{1,3})*\.?$"
_SHORT = r"^[0-9]{1,2}\.(?:[0-9]|[1-4][0-9])$"
"""Numbers of sections and releases by their form alone; prices soon have a cent behind the point."""
_FEWEST_COUNTED = 3
"""Different single digits behind the point below 10: 0.5 and 0.10 are measured."""
_SPACED = r"^[0-9]{3}(?: [0-9]{3})+$"


@dataclass(frozen=True)
class CodeReason:
    """Why a column's digits are taken as text; ``sure`` if there is nothing to ask."""

    sentence: str
    sure: bool = False


def names_a_code(name: str) -> bool:
    """Whether the header says that digits below it may be a code: ``plz``, ``Kundennr``, ``customerId``."""
    parted = _parted(name)
    return bool(_SURE_NAMES.search(parted) or _LIKELY_NAMES.search(parted))


def _is_sure(name: str) -> bool:
    return bool(_SURE_NAMES.search(_parted(name)))


def _parted(name: str) -> str:
    """The name with its words apart; "" for one that is a text of its own and names no kind of value."""
    return _BREAK.sub("_", name) if len(name) <= _LONGEST_NAME else ""


def reason_by_shape(cells: Cells, *, decimal_comma: bool) -> CodeReason | None:
    """Why cells with points or blanks between their digits are codes, if so."""
    filled = ~(cells.blank | cells.token)
    if _all(cells, ADDRESS, filled):
        return CodeReason("these are addresses of computers, four numbers up to 255.", sure=True)
    named = names_a_code(cells.name)
    if _all(cells, POINTED, filled) and (named or (not decimal_comma and _one_count(cells, filled))):
        what = "by its name these are codes" if named else "each has the same parts, as versions have"
        return CodeReason(f"{what}; as numbers their points would set thousands apart.", sure=named)
    if _all(cells, _SPACED, filled) and (named or _spaced_code(cells, filled)):
        what = (
            "by its name these are codes"
            if named
            else "all have the same groups of digits, as phone numbers have"
        )
        return CodeReason(f"{what}; as numbers their blanks would set thousands apart.", sure=named)
    if named and _all(cells, _PARTED, filled) and _ends_alike(cells, filled):
        return CodeReason(
            "by its name and its form these are codes; as numbers a 0 at the end would be lost."
        )
    return _numbers_of_sections(cells, filled) or _of_sure_name(cells) or _counted_on(cells, filled)


def _numbers_of_sections(cells: Cells, filled: np.ndarray) -> CodeReason | None:
    name = _parted(cells.name)
    if _SECTION_NAMES.search(name):
        parted = bool(matches(cells.sample, r"\.[0-9]").any()) and _all(cells, _NUMBERED, filled)
    else:
        parted = bool(_PROGRAM_NAMES.search(name)) and _are_releases(cells, filled)
    if not parted:
        return None
    return CodeReason("by its name these are numbers of sections or releases; as numbers 1.10 would be 1.1.")


def _are_releases(cells: Cells, filled: np.ndarray) -> bool:
    """Whether a 0 at the end counts: shares of the market soon have other digits behind the point.

    All of them have as many, too, and seldom the same before it.
    """
    if not _all(cells, r"^[0-9]{1,2}\.[0-4]?[0-9]$", filled):
        return False
    minors = _minors(cells, filled)
    every = [minor for found in minors.values() for minor in found]
    tens = any(len(minor) > 1 and minor.endswith("0") for minor in every)
    return tens and (len(set(map(len, every))) > 1 or len(minors) < len(every))


def _counted_on(cells: Cells, filled: np.ndarray) -> CodeReason | None:
    """Numbers of sections under any name: one digit behind the point, and then 10, 11 and so on."""
    if not _all(cells, _SHORT, filled):
        return None
    counted = [major for major, minors in _minors(cells, filled).items() if major != "0" and _goes_on(minors)]
    if not counted:
        return None
    form = f"some have one digit behind {counted[0]}. and others 10 and more, as sections and releases have"
    return CodeReason(f"{form}; as numbers {counted[0]}.10 would be {counted[0]}.1.")


def _goes_on(minors: set[str]) -> bool:
    """Whether numbers with one digit and with two, 10 and those that follow it, are a count."""
    short, long = ({minor for minor in minors if len(minor) == digits} for digits in (1, 2))
    whole = {int(minor) for minor in long}
    return len(short) >= _FEWEST_COUNTED and whole == set(range(10, 10 + len(long))) != set()


def _minors(cells: Cells, filled: np.ndarray) -> dict[str, set[str]]:
    """What stands behind the point, by what stands before it."""
    found: dict[str, set[str]] = {}
    for text in cells.trimmed.filter(pa.array(filled)).unique().to_pylist():
        before, _, behind = text.partition(".")
        found.setdefault(before, set()).add(behind)
    return found


def writes_tenths_twice(cells: Cells) -> bool:
    """Whether 3.1 and 3.10 both stand in a column of such short numbers: as releases, not as prices."""
    filled = ~(cells.blank | cells.token)
    if not _all(cells, _SHORT, filled):
        return False
    return any({"1", "10"} <= minors or {"2", "20"} <= minors for minors in _minors(cells, filled).values())


def _of_sure_name(cells: Cells) -> CodeReason | None:
    if not _is_sure(cells.name) or not matches(cells.sample, r"[0-9][. ][0-9]").any():
        return None
    return CodeReason("by its name these digits are a code, not a quantity.", sure=True)


def _ends_alike(cells: Cells, filled: np.ndarray) -> bool:
    """Whether five cells or more have as many digits behind the point, and as many before it, and some end in
    0, as in chapters of a tariff (27.10) and keys of diagnoses (250.0)."""
    texts = cells.trimmed.filter(pa.array(filled))
    lengths = pc.count_distinct(pc.utf8_length(texts)).as_py()
    places = pc.count_distinct(pc.find_substring(texts, ".")).as_py()
    return len(texts) >= FEWEST and lengths == places == 1 and bool(pc.any(pc.ends_with(texts, "0")).as_py())


def _all(cells: Cells, pattern: str, filled: np.ndarray) -> bool:
    return cells.sample_share(pattern) == 1 and bool((cells.matches(pattern) | ~filled).all())


def _one_count(cells: Cells, filled: np.ndarray) -> bool:
    """Whether all have as many points as the first."""
    points = pc.count_substring(cells.trimmed.filter(pa.array(filled)), ".")
    return pc.count_distinct(points).as_py() == 1


def _spaced_code(cells: Cells, filled: np.ndarray) -> bool:
    """Whether ordinary blanks part all of two cells or more alike, and not all are round."""
    texts = cells.distinct.filter(pa.array(filled))
    ordinary = pc.all(pc.match_substring_regex(texts, "^[0-9 ]+$")).as_py()
    one_length = pc.count_distinct(pc.utf8_length(pc.utf8_trim_whitespace(texts))).as_py() == 1
    return bool(len(texts) > 1 and ordinary and one_length and not pc.all(pc.ends_with(texts, "00")).as_py())


def reason_for_code(cells: Cells, digits: pa.Array) -> CodeReason | None:
    """Why whole numbers, as plain ``digits`` (u,) that are null where unfit, are codes, if so."""
    sure, named = _is_sure(cells.name), names_a_code(cells.name)
    if not named:
        found = _checked(digits, _one_width(digits, least=8)) or _of_cards(digits)
        return None if found and _starts_with_zero(digits) else found
    if _starts_with_zero(digits):
        return None
    if not matches(digits, "^-|^[0-9]{1,3}$").any():
        if sure:
            return CodeReason("by its name these digits are a code, not a quantity.", sure=True)
        width = _one_width(digits, least=WIDE)
        if width:
            return CodeReason(
                f"by its name and its {width} digits throughout this is a code, not a quantity."
            )
    return None


def _starts_with_zero(digits: pa.Array) -> bool:
    return bool(matches(digits, "^-?0[0-9]").any())


def _one_width(digits: pa.Array, *, least: int) -> int:
    """How many digits all have; 0 if they differ, are fewer than ``least`` or a sign stands before."""
    first = digits[0].as_py() if len(digits) else None
    if first is not None and len(first) < least:  # so are most columns of numbers
        return 0
    lengths = pc.min_max(pc.binary_length(digits)).as_py()
    if lengths["min"] is None or lengths["min"] != lengths["max"] or matches(digits, "^-").any():
        return 0
    return int(lengths["min"]) if lengths["min"] >= least else 0


def _checked(digits: pa.Array, width: int) -> CodeReason | None:
    """Numbers of articles and books: all have the check digit of EAN, which one in ten has by chance."""
    if width not in (8, 12, 13, 14):
        return None
    known = digits.drop_null().unique()
    books = width == 13 and matches(known, BOOK.pattern).all()
    if len(known) < (2 if books else FEWEST) or not _good_check_digits(
        pc.cast(known, pa.int64()).to_numpy(zero_copy_only=False), width
    ):
        return None
    what = "ISBN" if books else "EAN or GTIN"
    return CodeReason(
        f"all have the check digit of {what}: these are codes, not quantities.", sure=bool(books)
    )


def _of_cards(digits: pa.Array) -> CodeReason | None:
    """Two numbers or more of cards or telephones, of 14 to 19 digits, all with their check digit."""
    first = digits[0].as_py() if len(digits) else None
    if first is not None and len(first) < _CARDS[0]:
        return None
    known = digits.drop_null().unique().to_pylist()
    if len(known) < 2 or not all(_CARDS[0] <= len(one) <= _CARDS[1] and one.isdigit() for one in known):
        return None
    if not all(map(_is_luhn, known)):
        return None
    return CodeReason("all have the check digit of payment cards: these are codes, not quantities.")


def _is_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of ISO/IEC 7812, as cards and telephones have it."""
    doubled = [2 * int(digit) for digit in digits[-2::-2]]
    plain = map(int, digits[::-2])
    return (sum(plain) + sum(number - 9 * (number > 9) for number in doubled)) % 10 == 0


def _good_check_digits(numbers: np.ndarray, width: int) -> bool:
    places = [numbers // 10**place % 10 for place in range(width)]
    return bool((sum(digit * (3 if i % 2 else 1) for i, digit in enumerate(places)) % 10 == 0).all())


def is_wide(cells: Cells, digits: pa.Array) -> bool:
    """Whether these whole numbers have more digits, all as many, than quantities usually have."""
    if not _one_width(digits, least=_WIDEST_QUANTITY + 1):
        return False
    rows = cells.count(digits.is_valid().to_numpy(zero_copy_only=False))
    return rows >= FEWEST and len(digits.unique()) > 1


def stays_plain(name: str, cells: Sequence[str]) -> bool:
    """Whether some cells of a column of plain numbers rule out that it is codes, dates or grouped thousands.

    What makes such a column anything but numbers holds for all of its cells, so that any few of them tell:
    for a reader that parses numbers without looking at their text.
    """
    filled = [cell for cell in cells if cell]
    if (
        TWO_NAMES.search(name)
        or names_a_code(name)
        or DATE_NAMES.search(name)
        or _SECTION_NAMES.search(_parted(name))
        or _PROGRAM_NAMES.search(_parted(name))
    ):
        return False
    if any("." in cell for cell in filled):
        unsure = (_GROUPED_OR_SHORT, _TIME_LIKE, _SECTION_LIKE)
        return not any(all(map(pattern.fullmatch, filled)) for pattern in unsure)
    return not filled or not all(map(_LONG.fullmatch, filled))


_LONG = re.compile(f"[0-9]{{8}}|[0-9]{{10,}}|{MONTH}")
_SECTION_LIKE = re.compile(_SHORT.strip("^$"))
_TIME_LIKE = re.compile(r"(?:19|20)[0-9]{2}\.(?:0[1-9]|1[0-2])|[0-9]{10}(?:[0-9]{3}){0,3}(?:\.[0-9]+)?")
_GROUPED_OR_SHORT = re.compile(r"-?(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})*|0)")
