"""Two tables, such as yesterday's file and today's: what changed in columns, values and rows."""

from analytics.comparison.keys import KeyProposal, propose_keys
from analytics.comparison.rows import RowChanges
from analytics.comparison.tables import TableComparison, compare_tables

__all__ = ["KeyProposal", "RowChanges", "TableComparison", "compare_tables", "propose_keys"]
