"""Files that hold no table we could read and would pass for a text of some lines or cells."""

from __future__ import annotations

import re

from analytics.tables.options import Bytes

_FIRST_BYTES = (
    (b"{\\rtf", "a text document (RTF)"),
    (b"\x89PNG\r\n", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF87a", "a picture (GIF)"),
    (b"GIF89a", "a picture (GIF)"),
    (b"SQLite format 3\x00", "a database (SQLite)"),
    (b"\x89HDF\r\n", "an HDF5 file"),
    (b"ARROW1\x00\x00", "an Arrow file (Feather)"),
    (b"$FL2@(#)", "an SPSS file"),
    (b"<stata_dta>", "a Stata file"),
    (b"\xfd7zXZ\x00", "an archive of another kind (xz)"),
    (b"7z\xbc\xaf\x27\x1c", "an archive of another kind (7z)"),
    (b"Rar!\x1a\x07", "an archive of another kind (RAR)"),
    (b"\x04\x22\x4d\x18", "an archive of another kind (LZ4)"),
    (b"%PDF-", "a document (PDF)"),
    (b"FEA1", "an Arrow file (Feather)"),
    (b"\x93NUMPY", "an array of NumPy (npy)"),
    (b"Obj\x01", "an Avro file"),
    (b"HEADER RECORD*******LIB", "a SAS file (XPORT)"),
    (b"MATLAB 5.0 MAT-file", "a MATLAB file"),
    (b"!<arch>\n", "an archive of another kind (ar)"),
    (b"\x80\x04\x95", "a pickle of Python"),
    (b"\x80\x05\x95", "a pickle of Python"),
    (b"SIMPLE  =", "an astronomers' file (FITS)"),
    (b"CDF\x01", "a NetCDF file"),
    (b"CDF\x02", "a NetCDF file"),
)
_HEAD = 4096
_FIRST_WORDS = {
    "an ARFF file of Weka": r"(?:%[^\r\n]*[\r\n]\s*)*@relation\s",
    "a calendar (iCalendar)": "BEGIN:VCALENDAR",
    "a list of contacts (vCard)": "BEGIN:VCARD",
    "an account statement (OFX)": "OFXHEADER:|<OFX>",
    "an account statement (QIF)": "!(?:Type|Account|Option):",
    "an account statement (MT940)": r"(?:\{1:F01[^\r\n]*[\r\n]\s*)?:20:[^\r\n]*[\r\n]\s*:(?:21|25)",
    "a spreadsheet of an old kind (SYLK)": r"ID;P[A-Z0-9]*(?:;[NE])*[ \r]*\n[BCFOP];",
    "a spreadsheet of an old kind (DIF)": r"TABLE\s+0,1\s",
    "a text document (LaTeX)": r"\\(?:documentclass|begin)\b",
    "a list of literature (BibTeX)": r"@[a-z]{4,14}\s*\{\s*[^\s,{}]+,\s",
    "a list of literature (RIS)": "TY  - ",
    "statements of a database (SQL)": (
        r"(?:--[^\r\n]*[\r\n]\s*|/\*[^*]*\*/;?\s*)*(?:insert\s+into|create\s+(?:table|database)|drop\s+table|begin\s+transaction)\b"
    ),
    "a YAML file": r"(?:%YAML|---\s+[\w-]+:\s|- [\w-]+: .*\n(?:  [\w-]+: .*\n)+- [\w-]+: )",
    "a TOML file": r"\[\[[\w.-]+\]\]\s+[\w-]+ ?=",
    "a file of translations (gettext)": r"(?:#[^\r\n]*[\r\n]\s*)*msgid \"",
    "a sparse matrix (Matrix Market)": "%%MatrixMarket",
    "a sparse table (LIBSVM)": r"(?=[^\n]*:[0-9]*\.)(?:[+-]?[0-9.]+(?: [0-9]+:[0-9.eE+-]+)+[ \r]*\n){2}",
    "a page description (PostScript)": "%!PS",
}
"""What a text begins with that no table of it does, in lines of whatever ending."""
_COMPILED = {what: re.compile(pattern, re.IGNORECASE) for what, pattern in _FIRST_WORDS.items()}


def named_no_table(data: Bytes) -> str:
    """What the file is by its first bytes or words, with its article; "" where it may be a table."""
    for magic, what in _FIRST_BYTES:
        if data[: len(magic)] == magic:
            return what
    head = (
        bytes(data[:_HEAD]).replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").decode("latin-1").lstrip()
    )
    return next((what for what, pattern in _COMPILED.items() if pattern.match(head)), "")
