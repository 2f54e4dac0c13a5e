"""What a table as a whole leaves open, once it is read: rows without a value, columns that mix quantities."""
