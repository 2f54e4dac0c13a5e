"""Rows of any kind: rare values and combinations, dates far away or out of order, odd texts."""
