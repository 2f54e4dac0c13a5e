"""One room for each page; ``page.py`` draws it."""
