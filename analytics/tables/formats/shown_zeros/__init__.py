"""Numbers of workbooks that a format shows with leading zeros, by the kind of file: 1067 as 01067, a code."""
