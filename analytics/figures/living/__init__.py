"""A whole model in one picture that is walked into; every width is a number of a trace."""
