"""From text cells to typed columns: numbers, dates, lengths of time, booleans."""
