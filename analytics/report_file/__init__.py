"""A report for a colleague: what was read, done and found, as one HTML page or as JSON."""

from analytics.report_file.content import Report, make_report
from analytics.report_file.data import report_data
from analytics.report_file.page import report_page

__all__ = ["Report", "make_report", "report_data", "report_page"]
