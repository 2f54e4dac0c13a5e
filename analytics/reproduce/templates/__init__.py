"""The scripts people take away, each a file that is linted, typed and read like any other.

Values in capitals stand at the top and are placeholders: ``analytics.reproduce.writer`` replaces them. A
script that is put together from parts imports one of each kind here; the writer puts in the one it needs.
Nothing imports the scripts themselves: importing one would run it.
"""
