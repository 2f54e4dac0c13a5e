"""Tables as plain data and back, for what reads a file in another process. Nothing is ever unpickled."""
