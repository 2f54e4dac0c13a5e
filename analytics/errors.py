"""The one base class of errors a visitor may read."""


class ZetascopeError(ValueError):
    """Bad input, told in one sentence that says what is wrong and what to do.

    Pages show ``str(error)`` as it is; anything else that is raised is a defect and goes to the log.
    """

    too_much = False
    """Whether a smaller part of the same input would do."""
