"""Tables as files that spreadsheets and other programs read back safely."""
