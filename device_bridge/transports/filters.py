"""Which topics one session listens to, and what it asks for instead of those that its broker refuses; pure."""

from collections.abc import Iterator, Mapping


class Filters:
    """What is wanted of one broker, what it has refused, and what its session may still hold for nobody."""

    def __init__(self, topics: tuple[str, ...], instead: Mapping[str, tuple[str, ...]]) -> None:
        self._topics = topics
        self._instead = instead
        self._refused: set[str] = set()
        self._cut: set[str] = set()
        """Counts as refused on every connection, since asking for it ended one again and again."""
        self._held: set[str] = set()
        """What this process has asked for and not left."""
        self._left: set[str] = set()

    @property
    def left(self) -> list[str]:
        """What the session may still hold and nobody wants any more."""
        return sorted(self._left)

    @property
    def narrowed(self) -> tuple[str, ...]:
        """The refused topics in whose place narrower ones are asked for, or that only heard what lies beside others."""
        return tuple(topic for topic in self._reached() if topic in self._refused and topic in self._instead)

    @property
    def unheard(self) -> tuple[str, ...]:
        """The refused topics that have nothing in their place."""
        return tuple(topic for topic in self._reached() if topic in self._refused and topic not in self._instead)

    def anew(self) -> tuple[str, ...]:
        """What to ask for on a new connection: also what an earlier one refused, which may be granted by now."""
        self._refused = set(self._cut)
        return self._ask_for(self._effective())

    def change(self, topics: tuple[str, ...], instead: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        """Want these topics from now on, and no others; what to ask for in addition."""
        before = set(self._effective())
        self._topics, self._instead = topics, instead
        after = self._effective()
        self._leave((before | self._held) - set(after))
        return self._ask_for(topic for topic in after if topic not in before)

    def refuse(self, topics: tuple[str, ...]) -> tuple[str, ...]:
        """Note that the broker refuses these; what to ask for in their place."""
        before = set(self._effective())
        self._refused |= set(topics)
        self._held -= set(topics)
        return self._ask_for(topic for topic in self._effective() if topic not in before)

    def narrow(self) -> bool:
        """Ask for nothing any more that has something narrower in its place; False where that changes nothing."""
        wide = {topic for topic in self._topics if topic in self._instead} - self._cut
        self._cut |= wide
        self._refused |= wide
        return bool(wide)

    def settle(self) -> bool:
        """Everything is answered: what only stood in for something that is granted again is left. Whether any is."""
        spare = self._held - set(self._effective())
        self._leave(spare)
        return bool(spare)

    def _leave(self, topics: set[str]) -> None:
        self._left |= topics
        self._held -= topics

    def _ask_for(self, topics: "Iterator[str] | tuple[str, ...]") -> tuple[str, ...]:
        asked = tuple(topics)
        self._held |= set(asked)
        self._left -= set(asked)
        return asked

    def _effective(self) -> tuple[str, ...]:
        """What is listened to as things stand, each once."""
        return tuple(topic for topic in self._reached() if topic not in self._refused)

    def _reached(self) -> tuple[str, ...]:
        """What is wanted, and behind each refused topic what stands in its place."""
        found: dict[str, None] = {}
        waiting = list(reversed(self._topics))
        while waiting:
            topic = waiting.pop()
            if topic not in found:
                found[topic] = None
                if topic in self._refused:
                    waiting += reversed(self._instead.get(topic, ()))
        return tuple(found)
