"""Tables of web pages: what a browser shows of them, as grids of cell texts."""
