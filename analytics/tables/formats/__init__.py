"""One reader for each kind of file: delimited text, spreadsheets, Parquet, JSON lines."""
