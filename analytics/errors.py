"""The one base class of errors a visitor may read."""

_LONGEST = 2_000
"""Letters of a sentence; one that names what a file holds would otherwise be as long as the file wants."""


class ZetascopeError(ValueError):
    """Bad input, told in one sentence that says what is wrong and what to do.

    Pages show ``str(error)`` as it is; anything else that is raised is a defect and goes to the log.
    """

    too_much = False
    """Whether a smaller part of the same input would do."""

    def __str__(self) -> str:
        text = super().__str__()
        if len(text) <= _LONGEST:
            return text
        return f"{text[: _LONGEST - 500]} … {text[-490:]}"  # what to do stands at the end
