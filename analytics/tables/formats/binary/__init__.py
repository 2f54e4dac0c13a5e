"""Workbooks whose parts are records of bytes (.xls, .xlsb): what they span, before a library opens them."""
