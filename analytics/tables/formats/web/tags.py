"""Tags of a web page, looked at before the parser does: it compares each attribute with all before it."""

from __future__ import annotations

import re

from analytics.tables.errors import TableError

MOST_ATTRIBUTES = 1000
"""Of one tag; pages that people save have some tens. 40,000 keep the parser busy for two seconds."""
_BLANK = r"[ \t\n\f\r]"
_ATTRIBUTE = (
    rf"(?:{_BLANK}|/)*+[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+"
    rf"""(?:{_BLANK}*+={_BLANK}*+(?:"[^"]*+"|'[^']*+'|[^ \t\n\f\r>]*+))?+"""
)
_UNREAD = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
"""Elements whose content is no markup: what looks like a tag in it must not hide one behind it."""
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)"
    rf"|</?([a-z][^ \t\n\f\r/>]*+)(?:{_ATTRIBUTE}){{0,{MOST_ATTRIBUTES}}}+(?P<more>{_ATTRIBUTE})?+",
    re.IGNORECASE | re.DOTALL,
)
_ENDS = {name: re.compile(rf"</{name}|\Z", re.IGNORECASE) for name in _UNREAD}


def check_tags(text: str) -> None:
    """Raises TableError where a tag has more than ``MOST_ATTRIBUTES``."""
    place = 0
    while found := _TAG.search(text, place):
        if found["more"]:
            line = text.count("\n", 0, found.start()) + 1
            raise TableError(
                f"A tag of the web page has more than {MOST_ATTRIBUTES:,} attributes; save the table itself "
                "as CSV or Excel.",
                line=line,
            )
        place = found.end()
        end = _ENDS.get((found[1] or "").lower())
        if end is not None and text[found.start() + 1] != "/":
            place = end.search(text, place).start()  # type: ignore[union-attr]
