"""From a path, a file object or bytes to the bytes of one table, unpacking gzip, zip and Zstandard."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

import pyarrow as pa

from analytics.apart.files import mapped
from analytics.tables.errors import TableError
from analytics.tables.formats.kinds import BROKEN_ZIP, compression_of
from analytics.tables.options import Bytes, ReadOptions
from analytics.tables.report import Decision
from analytics.tables.row_count import RowCount
from analytics.words import neutral

_STEP = 1 << 20
_HEAD = 4096
_WORKBOOK = (b"[Content_Types].xml", b"xl/", b"_rels/.rels", b"application/vnd.oasis.opendocument")
"""Names that stand at the start of a workbook's zip, where its list of contents is lost."""
_SUFFIXES = {"gzip": ".gz", "zstd": ".zst", "bz2": ".bz2"}


@dataclass(frozen=True)
class Content:
    """What is to be read: the bytes as given, the bytes of the table, and the name it goes by.

    Large files are mapped into memory, not copied; ``data[:]`` is always bytes.
    """

    given: Bytes
    data: Bytes
    name: str
    decisions: tuple[Decision, ...] = ()


def unpack(given: Bytes, *, name: str, options: ReadOptions) -> Content:
    """The table inside ``given``, which may be packed once; spreadsheets, zips too, stay as they are.

    Raises:
        TableError: it is too large, packed or not, or a broken archive.
    """
    if len(given) > options.max_bytes:
        raise too_large(options.max_bytes)
    kind = compression_of(given)
    if kind is None:
        return Content(given, given, name)
    if kind == "zip":
        data, inner = _unzip(given[:], options)
    else:
        data, inner = _inflate(given, kind, options), name.removesuffix(_SUFFIXES[kind])
    if again := compression_of(data):
        raise TableError(f"The file is packed twice, as {kind} and as {again} inside; unpack it once.")
    sentence = f"The file is {kind}-compressed; it expands from {len(given):,} to {len(data):,} bytes."
    return Content(given, data, inner, (Decision("compression", kind, sentence),))


def bytes_of(source: bytes | str | Path | BinaryIO, options: ReadOptions) -> tuple[Bytes, str]:
    """What ``source`` holds, a large file mapped, and its name."""
    if isinstance(source, bytes | bytearray | memoryview):
        return bytes(source), "table"
    if isinstance(source, str | Path):
        return _read_path(Path(source), options), Path(source).name
    if not hasattr(source, "read"):
        raise TableError(f"A {type(source).__name__} is no file: give bytes, a path or a binary file.")
    data = source.read(options.max_bytes + 1)
    if not isinstance(data, bytes):
        raise TableError("The source gives text, not bytes; open the file in binary mode.")
    return data, Path(str(getattr(source, "name", "table"))).name


def _read_path(path: Path, options: ReadOptions) -> Bytes:
    try:
        size = path.stat().st_size
        if size > options.max_bytes:
            raise too_large(options.max_bytes)
        if size < _STEP or not path.is_file():
            return path.read_bytes()
        with path.open("rb") as file:
            return mapped(file.fileno())
    except OSError as error:
        raise TableError(f"{str(path)!r} cannot be opened: {error.strerror or error}.") from error


def _inflate(data: Bytes, kind: str, options: ReadOptions) -> bytes:
    try:
        stream = pa.CompressedInputStream(pa.BufferReader(data), kind)
        return _read_limited(stream, options)
    except (OSError, ValueError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(f"The {kind} file is damaged or cut short: copy or download it again.") from error


def _unzip(data: bytes, options: ReadOptions) -> tuple[bytes, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            member = _only_member(archive)
            if member.file_size > options.max_expanded_bytes:
                raise _expands_too_far(options.max_expanded_bytes)
            with archive.open(member) as stream:
                return _read_limited(stream, options), Path(member.filename).name
    except TableError:
        raise
    except BROKEN_ZIP as error:
        if "password" in str(error):
            raise TableError("The zip file is protected by a password; unpack it first.") from error
        if any(mark in data[:_HEAD] for mark in _WORKBOOK):
            raise TableError(
                "The workbook is damaged or cut short: copy or download it again, or open it in a "
                "spreadsheet program, which may mend it, and save it anew."
            ) from error
        raise TableError("The zip file is damaged or cut short: copy or download it again.") from error


def _only_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [
        info
        for info in archive.infolist()
        if info.filename
        and not info.is_dir()
        and not info.filename.startswith(("__MACOSX/", "."))
        and "/." not in info.filename
    ]
    if len(members) != 1:
        shown = ", ".join(neutral(" ".join(info.filename.split()))[:80] for info in members[:5]) or "none"
        raise TableError(f"The zip file must hold one file, not {len(members)} ({shown}); unpack it first.")
    return members[0]


def _read_limited(stream: IO[bytes] | pa.NativeFile, options: ReadOptions) -> bytes:
    """Everything in ``stream``, refused as soon as it passes a limit so that a bomb costs no memory."""
    whole = io.BytesIO()  # gives its bytes away without a copy, which joining parts would make
    limit, rows = options.max_expanded_bytes, RowCount(options)
    while part := stream.read(_STEP):
        rows.take(part)
        if whole.write(part) and whole.tell() > limit:
            raise _expands_too_far(limit)
    return whole.getvalue()


def too_large(limit: int) -> TableError:
    """A file beyond ``max_bytes``."""
    return TableError(f"The file is larger than {limit:,} bytes; raise max_bytes or give a smaller file.")


def _expands_too_far(limit: int) -> TableError:
    return TableError(
        f"The compressed file expands to more than {limit:,} bytes; raise max_expanded_bytes if you trust it."
    )
