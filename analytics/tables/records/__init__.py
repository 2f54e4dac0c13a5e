"""From decoded text to records: dialect, comments, layout, names and repairs."""
