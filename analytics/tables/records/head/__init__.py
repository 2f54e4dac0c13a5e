"""The head of a table: notes above it, the rows that name its columns, units, and what is left open."""
