"""The decoder with a memory: sentence pairs that are looked up while it writes, or learned from."""
