"""How the columns of a table hang together: one measure for every pair, of any kinds."""
