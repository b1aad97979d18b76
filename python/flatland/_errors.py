"""What can be wrong with what is given to Flatland."""

from __future__ import annotations


class FieldError(ValueError):
    """A field of an experiment, a sweep or a map is not valid.

    Attributes:
        field: Where, such as ``runs[1].policy.eta``; empty for the experiment as a whole.
        expected: What should be there.
        found: What is there.
        remedy: What to do.
    """

    field: str
    expected: str
    found: str
    remedy: str

    def __init__(self, field: str, expected: str, found: str, remedy: str) -> None:
        self.field = field
        self.expected = expected
        self.found = found
        self.remedy = remedy
        place = field or "the experiment"
        super().__init__(f"{place}: expected {expected}, found {found}; {remedy}")

    def __reduce__(self) -> tuple[type[FieldError], tuple[str, str, str, str]]:
        return type(self), (self.field, self.expected, self.found, self.remedy)


class ObjectiveError(FieldError):
    """A function of an :class:`~flatland.Objective` returned what it must not.

    Its ``field`` names the function: ``value``, ``gradient``, ``hvp`` or ``hessian``.
    """


class ClusterError(RuntimeError):
    """A cluster cannot compute a sweep.

    Attributes:
        place: Where, such as the address of a worker or of the scheduler.
        expected: What should be there.
        found: What is there.
        remedy: What to do.
    """

    place: str
    expected: str
    found: str
    remedy: str

    def __init__(self, place: str, expected: str, found: str, remedy: str) -> None:
        self.place = place
        self.expected = expected
        self.found = found
        self.remedy = remedy
        super().__init__(f"{place}: expected {expected}, found {found}; {remedy}")

    def __reduce__(self) -> tuple[type[ClusterError], tuple[str, str, str, str]]:
        return type(self), (self.place, self.expected, self.found, self.remedy)


# As people import them, and as tracebacks should name them.
FieldError.__module__ = ObjectiveError.__module__ = ClusterError.__module__ = "flatland"
