"""Why cells with several numbers in them are text: fractions, ranges, inches, counts for and against."""

from __future__ import annotations

import re

from analytics.tables.typed.cells import Cells

_NUMBER = r"[0-9]+(?:[.,][0-9]+)?"
_REASONS = (
    (r"^-?(?:[0-9]+[ -])?[0-9]+/[0-9]+ ?(?:\"|''|″|in\.?|inch(?:es)?|Zoll)?$", "fractions"),
    (rf"^-?{_NUMBER} ?(?:\"|''|″|′|')(?: ?{_NUMBER} ?(?:\"|''|″))?$", "feet or inches"),
    (rf"^{_NUMBER} ?\+ ?[/;,] ?{_NUMBER} ?-$", "two numbers, one with + and one with -"),
    (rf"^{_NUMBER} ?(?:±|\+/-|\+-) ?{_NUMBER}$", "a number with its error"),
    (rf"^{_NUMBER} ?(?:-|–|—|to|bis|…|\.\.) ?{_NUMBER}$", "ranges"),
    (rf"^{_NUMBER} ?[x×*] ?{_NUMBER}(?: ?[x×*] ?{_NUMBER})?$", "two or three measures"),
    (rf"^{_NUMBER}(?:/{_NUMBER})+$", "several numbers"),
)
"""How nearly all cells are written but for plain numbers, and what they are then."""
_PLAIN = rf"^-?{_NUMBER}$"
_MOSTLY = 0.9


def reason_of_several(cells: Cells) -> str:
    """A sentence with an example where nearly all cells hold several numbers or a fraction; else ""."""
    if cells.sample_share("[0-9]") < _MOSTLY:
        return ""
    plain = cells.sample_share(_PLAIN)
    for pattern, what in _REASONS:
        share = cells.sample_share(pattern)
        if share and share + plain >= _MOSTLY:
            shown = next(filter(re.compile(pattern).search, cells.sample.to_pylist()))
            return f"Text: cells like {shown!r} are written as {what}, not as one number."
    return ""
