"""The pages of a Parquet column are followed, whatever the file's end says of them."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.tables import ReadOptions, TableError, read_table
from analytics.tables.formats.parquet_pages import Pages, pages_of
from tests.hostile.expanding import SMALL, parquet

TEXTS = [f"text {i % 50}" for i in range(5000)]


def written(texts: list[str | None], **options: object) -> bytes:
    return parquet(pa.table({"t": pa.array(texts, pa.string())}), **options)


def followed(data: bytes) -> list[Pages]:
    metadata = pq.ParquetFile(io.BytesIO(data)).metadata
    return [pages_of(data, metadata.row_group(i).column(0)) for i in range(metadata.num_row_groups)]


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("compression", ["none", "zstd", "snappy"])
@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"use_dictionary": True}, (True, False)),
        ({"use_dictionary": False}, (False, False)),
        ({"use_dictionary": False, "column_encoding": {"t": "DELTA_BYTE_ARRAY"}}, (False, True)),
        ({"use_dictionary": False, "column_encoding": {"t": "DELTA_LENGTH_BYTE_ARRAY"}}, (False, False)),
    ],
)
def test_sizes_and_encodings_are_those_of_the_writer(
    version: str, compression: str, options: dict[str, object], kind: tuple[bool, bool]
) -> None:
    data = written(
        [*TEXTS, None],
        data_page_version=version,
        compression=compression,
        data_page_size=2000,
        write_batch_size=100,
        row_group_size=2000,
        **options,
    )
    metadata = pq.ParquetFile(io.BytesIO(data)).metadata
    for i, pages in enumerate(followed(data)):
        chunk = metadata.row_group(i).column(0)
        assert (pages.by_number, pages.prefixes) == kind
        assert (
            0.8 * chunk.total_uncompressed_size < pages.size < chunk.total_uncompressed_size
        )  # less headers


def hidden(data: bytes, *encodings: int) -> bytes:
    """The file's end says that texts are written plainly; the pages stay as they are."""
    told = bytes([0x19, 5 | len(encodings) << 4, *(2 * encoding for encoding in encodings)])
    assert told in data
    return data.replace(told, told[:2] + bytes([0, 6] + [0] * (len(encodings) - 2)))


@pytest.mark.parametrize(
    ("name", "encodings"),
    [
        ("parquet texts", (0, 3, 8)),
        ("parquet bytes", (0, 3, 8)),
        ("parquet lists of texts", (0, 3, 8)),
        pytest.param("parquet same names", (0, 3, 8), marks=pytest.mark.slow),
        pytest.param("parquet prefixes", (3, 7), marks=pytest.mark.slow),
    ],
)
def test_texts_that_repeat_in_secret_are_counted(name: str, encodings: tuple[int, ...]) -> None:
    file, data = SMALL[name]()
    with pytest.raises(TableError, match=r"[\d,]+ MB.* 20 MB"):
        read_table(hidden(data, *encodings), name=file, options=ReadOptions(max_table_bytes=20_000_000))


@pytest.mark.slow
def test_a_damaged_header_is_told() -> None:
    data = written(TEXTS, compression="none", use_dictionary=False)
    for place in range(4, 40):
        for value in (0, 0x1C, 0xFF):
            changed = data[:place] + bytes([value]) + data[place + 1 :]
            try:
                read_table(changed, name="a.parquet", options=ReadOptions(max_table_bytes=20_000_000))
            except TableError as told:
                assert str(told).endswith(".")


@pytest.mark.parametrize("promised", [9, 11, 2_000_000])
def test_rows_that_are_promised_are_there(promised: int) -> None:
    def number(value: int) -> bytes:
        """As Thrift writes it."""
        twice, parts = 2 * value, []
        while twice > 127:
            parts.append(twice & 127 | 128)
            twice >>= 7
        return bytes([*parts, twice])

    data = parquet(pa.table({"n": [1.5] * 10}))
    end = data.rindex(b"\x16" + number(10) + b"\x19")  # the number of rows, before the list of groups
    footer = data[end:].replace(number(10), number(promised), 1)
    size = int.from_bytes(data[-8:-4], "little") + len(footer) - len(data[end:])
    told = data[:end] + footer[:-8] + size.to_bytes(4, "little") + b"PAR1"
    assert pq.ParquetFile(io.BytesIO(told)).metadata.num_rows == promised
    with pytest.raises(TableError, match=f"{promised:,} rows are promised, 10 are there"):
        read_table(told, name="a.parquet")


class _Chunk:
    """What is asked of a column's part."""

    data_page_offset, has_dictionary_page, dictionary_page_offset = 4, False, None
    total_compressed_size, num_values = 10**9, 10**9


@pytest.mark.parametrize(
    "header",
    [
        b"\x15\x00\x15\x00\x15\x00",
        b"\x15\x00\x15\x01\x15\x00\x00",
        b"\x15\x00\x15\x00\x15\x00\x00",
        b"\x1c" * 5000,
        b"\x19\xfc\xff\xff\xff\xff\x07",
        b"\x15" + b"\xff" * 20,
        b"\x18\xff\xff\xff\xff\x7f",
    ],
    ids=["cut", "below zero", "no values", "deep", "list", "endless number", "long value"],
)
def test_what_is_no_header_is_told(header: bytes) -> None:
    with pytest.raises(OSError, match=r"page|number"):
        pages_of(b"PAR1" + header, _Chunk())  # type: ignore[arg-type]


def test_memory_that_ends_is_no_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise pa.ArrowMemoryError("realloc of size 4096000000 failed")

    monkeypatch.setattr("analytics.tables.formats.parquet.check_parquet", full)
    with pytest.raises(TableError, match="beyond the memory that is there") as told:
        read_table(written(TEXTS), name="a.parquet")
    assert told.value.too_much
