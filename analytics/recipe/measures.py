"""Units that numbers are measured in, and how those of one quantity become each other.

Factors are exact fractions (inch and pound as of 1959, the US gallon), so that 500 g are 0.5 kg and no
neighbour of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from math import lcm
from types import MappingProxyType

Scale = tuple[int, int, int]
"""(a, b, c): a value x of one unit is (a x + b) / c of another."""

_PREFIXES = {"G": 9, "M": 6, "k": 3, "": 0, "c": -2, "m": -3, "µ": -6, "n": -9}


def _metric(base: str, prefixes: str, *, size: Fraction | int = 1) -> dict[str, Fraction]:
    """A unit with each of these prefixes; ``-`` stands for none."""
    powers = {prefix: _PREFIXES[prefix] for prefix in prefixes.replace("-", "")}
    powers |= {"": 0} if "-" in prefixes else {}
    return {f"{prefix}{base}": Fraction(10) ** power * size for prefix, power in powers.items()}


_POUND, _FOOT, _GALLON = Fraction("0.45359237"), Fraction("0.3048"), Fraction("3.785411784")
_PSI = _POUND * Fraction("9.80665") / (_FOOT / 12) ** 2
_HOUR, _MILE = Fraction(3600), Fraction("1609.344")

_QUANTITIES: Mapping[str, Mapping[str, Fraction]] = MappingProxyType(
    {
        "mass": _metric("g", "k-mµn", size=Fraction(1, 1000))
        | {"t": Fraction(1000), "lb": _POUND, "oz": _POUND / 16, "st": 14 * _POUND},
        "length": _metric("m", "k-cmµn")
        | {"dm": Fraction(1, 10), "in": _FOOT / 12, "ft": _FOOT, "yd": 3 * _FOOT, "mi": _MILE}
        | {"nmi": Fraction(1852)},
        "area": {"m²": Fraction(1), "cm²": Fraction(1, 10**4), "mm²": Fraction(1, 10**6)}
        | {"km²": Fraction(10**6), "ha": Fraction(10**4), "acre": Fraction("4046.8564224"), "ft²": _FOOT**2},
        "volume": _metric("l", "-cmµ")
        | {"dl": Fraction(1, 10), "hl": Fraction(100), "m³": Fraction(1000), "cm³": Fraction(1, 1000)}
        | {"gal": _GALLON, "fl oz": _GALLON / 128},
        "time": _metric("s", "-mµn") | {"min": Fraction(60), "h": _HOUR, "d": 24 * _HOUR, "wk": 168 * _HOUR},
        "speed": {"m/s": Fraction(1), "km/h": 1000 / _HOUR, "mph": _MILE / _HOUR, "kn": 1852 / _HOUR},
        "pressure": _metric("Pa", "GMk-")
        | {"hPa": Fraction(100), "bar": Fraction(10**5), "mbar": Fraction(100), "psi": _PSI}
        | {"atm": Fraction(101325), "mmHg": Fraction("133.322387415")},
        "energy": _metric("J", "GMk-")
        | _metric("Wh", "GMk-", size=_HOUR)
        | {"cal": Fraction("4.184"), "kcal": Fraction(4184)},
        "power": _metric("W", "GMk-m"),
        "voltage": _metric("V", "Mk-mµ"),
        "current": _metric("A", "k-mµn"),
        "frequency": _metric("Hz", "GMk-"),
        "data": {"B": Fraction(1), "kB": Fraction(10**3), "MB": Fraction(10**6), "GB": Fraction(10**9)}
        | {"TB": Fraction(10**12), "KiB": Fraction(2**10), "MiB": Fraction(2**20), "GiB": Fraction(2**30)},
        "concentration": {"g/l": Fraction(1), "mg/l": Fraction(1, 10**3), "µg/l": Fraction(1, 10**6)}
        | {"mg/dl": Fraction(1, 100), "g/dl": Fraction(10)},
        "share": {"%": Fraction(1, 100), "‰": Fraction(1, 1000), "ppm": Fraction(1, 10**6)},
    }
)
_DEGREES: Mapping[str, tuple[Fraction, Fraction]] = MappingProxyType(
    {
        "°C": (Fraction(1), Fraction(0)),
        "K": (Fraction(1), Fraction("-273.15")),
        "°F": (Fraction(5, 9), Fraction(-160, 9)),
    }
)
"""Factor and what is added, to degrees Celsius: the only units here with another zero."""

_ALIASES = {
    "kg": "kgs KGS kilo kilos kilogram kilograms kilogramm kilogramme kilogrammes KG Kg",
    "g": "gr gram grams gramm gramme grammes G",
    "mg": "milligram milligrams milligramm MG",
    "µg": "ug mcg",
    "t": "tonne tonnes ton(metric) tons(metric) Tonne Tonnen",
    "lb": "lbs pound pounds LB LBS",
    "oz": "ounce ounces OZ",
    "km": "kilometer kilometers kilometre kilometres KM Km",
    "m": "meter meters metre metres",
    "cm": "centimeter centimeters centimetre centimetres CM Cm",
    "mm": "millimeter millimeters millimetre millimetres MM",
    "µm": "um micron microns",
    "in": 'inch inches " IN Zoll',
    "ft": "foot feet FT",
    "yd": "yard yards",
    "mi": "mile miles",
    "m²": "m2 m^2 sqm qm",
    "cm²": "cm2 cm^2",
    "mm²": "mm2 mm^2",
    "km²": "km2 km^2 sqkm",
    "ft²": "ft2 ft^2 sqft",
    "ha": "hectare hectares Hektar",
    "acre": "acres ac",
    "l": "L liter liters litre litres Liter",
    "ml": "mL ML milliliter milliliters millilitre millilitres",
    "cl": "cL",
    "dl": "dL",
    "hl": "hL",
    "µl": "ul µL uL",
    "m³": "m3 m^3 cbm",
    "cm³": "cm3 cm^3 ccm",
    "gal": "gallon gallons",
    "s": "sec secs second seconds Sekunde Sekunden",
    "ms": "millisecond milliseconds msec",
    "µs": "us microsecond microseconds",
    "min": "mins minute minutes Minute Minuten",
    "h": "hr hrs hour hours Stunde Stunden",
    "d": "day days Tag Tage",
    "wk": "week weeks Woche Wochen",
    "km/h": "kmh kph km/hr KM/H",
    "mph": "mi/h MPH",
    "m/s": "mps",
    "kn": "knot knots kt kts",
    "hPa": "hpa HPA",
    "kPa": "kpa KPA",
    "psi": "PSI",
    "kWh": "kwh KWH KWh",
    "MWh": "MWH",
    "kcal": "Cal",
    "kW": "kw KW",
    "Hz": "hz HZ",
    "kHz": "khz KHZ",
    "MHz": "mhz MHZ",
    "GHz": "ghz GHZ",
    "kB": "KB kb",
    "g/l": "g/L",
    "mg/l": "mg/L",
    "µg/l": "µg/L ug/l ug/L",
    "mg/dl": "mg/dL",
    "g/dl": "g/dL",
    "%": "percent pct",
    "°C": "C degC deg_C celsius Celsius ℃",
    "°F": "F degF deg_F fahrenheit Fahrenheit ℉",
    "K": "kelvin Kelvin",
}
"""Other spellings. Case counts where it makes another unit (mW and MW); ton alone is three different ones."""


@cache
def _spellings() -> dict[str, str]:
    units = [unit for units in (*_QUANTITIES.values(), _DEGREES) for unit in units]
    others = {other: unit for unit, spelled in _ALIASES.items() for other in spelled.split()}
    greek = {unit.replace("µ", "\u03bc"): unit for unit in units if "µ" in unit}
    return others | greek | {unit: unit for unit in units}


def known_unit(text: str) -> str | None:
    """The unit that a text names, in the spelling used here; None for what can't be converted."""
    bare = " ".join(text.split())
    return _spellings().get(bare) or _spellings().get(bare.rstrip("."))


def quantity_of(unit: str) -> str | None:
    """What a unit measures (mass, length, ...); None for one that is not known."""
    name = known_unit(unit)
    if name in _DEGREES:
        return "temperature"
    return next((quantity for quantity, units in _QUANTITIES.items() if name in units), None)


def scales_to(unit: str) -> dict[str, Scale]:
    """How values of every unit of the same quantity become ``unit``; {} for one that is not known."""
    name, quantity = known_unit(unit), quantity_of(unit)
    if name is None or quantity is None:
        return {}
    sizes = _QUANTITIES.get(quantity, {})
    lines = _DEGREES if name in _DEGREES else {one: (size, Fraction(0)) for one, size in sizes.items()}
    to, plus = lines[name]
    return {one: _whole(by / to, (more - plus) / to) for one, (by, more) in lines.items()}


def _whole(by: Fraction, plus: Fraction) -> Scale:
    """x by + plus as one fraction of whole numbers."""
    below = lcm(by.denominator, plus.denominator)
    return int(by * below), int(plus * below), below
