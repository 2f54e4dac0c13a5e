"""The rows of a large table that somebody asks for: searched, filtered, in order, a page at a time."""

from analytics.rows.cells import ShownCells
from analytics.rows.query import Query, SortKey, in_order, matching

__all__ = ["Query", "ShownCells", "SortKey", "in_order", "matching"]
