"""The shapes a drawing of a workflow is made of: values with their places, which the template sets as they are."""

from dataclasses import dataclass

from audit_engine.summaries.workflow_box_words import width_of

TAGGED = "tag "
"""What the kind of a text begins with that says what an event opens; its number follows."""


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; x and y are its middle and its base line."""

    x: float
    y: float
    words: str
    size: float
    kind: str
    """`title`, `small`, `lane`, `number`, or TAGGED with a number."""

    @property
    def width(self) -> float:
        """Reckoned, and rather too wide."""
        return width_of(self.words, self.size)


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the words of a tag."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Box:
    """A stage, an event or a note."""

    kind: str
    name: str
    x: float
    y: float
    width: float
    height: float
    texts: tuple[Text, ...]
    first: bool = False
    final: bool = False
    by_itself: bool = False
    """An event that happens by itself when it is late."""
    tags: tuple[Frame, ...] = ()
    """Around the words that say what it opens."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line with its head; the points from edge to edge."""

    source: str
    target: str
    points: tuple[tuple[float, float], ...]
    number: Text | None
    """Which of several ends."""
    by_itself: bool = False
    """Into or from an event that happens by itself when it is late."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A band across the page, with whom it waits for."""

    y: float
    height: float
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything with its place."""

    title: str
    description: tuple[str, ...]
    width: float
    height: float
    lanes: tuple[Lane, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    key: tuple[Text, ...]
    """What each sign means; its kind is the sign, which stands left of it."""
    notes: tuple[Text, ...] = ()
    """What can be done at every stage, and leads nowhere else."""
