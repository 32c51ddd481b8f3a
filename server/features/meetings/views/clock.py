"""Times as the pages print them: fair time, and beside it the time in the zone where the reader lives."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from server.infra.i18n import fair_datetime
from server.infra.web.language import language, t
from server.infra.zones import find_zone, in_zone
from server.kernel.clock import FAIR_ZONE

_MINUTE_S = 60
_HOUR_MIN = 60


@dataclass(frozen=True)
class ReaderClock:
    """Prints moments for somebody who lives in `zone`; moments are aware."""

    zone: ZoneInfo
    now: datetime

    @classmethod
    def of(cls, zone: str, now: datetime) -> "ReaderClock":
        """The clock of a zone by its IANA name; an unknown one counts as fair time."""
        return cls(find_zone(zone) or FAIR_ZONE, now)

    def hour(self, moment: datetime) -> str:
        """The hour in fair time, without its zone: `10:00`."""
        return f"{moment.astimezone(FAIR_ZONE):%H:%M}"

    def day_and_hour(self, moment: datetime) -> str:
        """Day and hour in fair time, with its zone."""
        return fair_datetime(moment, language())

    def differs(self, moment: datetime) -> bool:
        """Whether the reader's clocks show another time than the fair's."""
        return moment.astimezone(self.zone).utcoffset() != moment.astimezone(FAIR_ZONE).utcoffset()

    def own(self, moment: datetime) -> str:
        """The hour where the reader lives, with its zone and the day when it is another: `04:00 Berlin time`."""
        return self._with_zone(f"{moment.astimezone(self.zone):%H:%M}", moment)

    def own_span(self, starts_at: datetime, ends_at: datetime) -> str:
        """The same for a stretch of time: `04:00–04:30 Berlin time`."""
        hours = f"{starts_at.astimezone(self.zone):%H:%M}–{ends_at.astimezone(self.zone):%H:%M}"
        return self._with_zone(hours, starts_at)

    def minutes(self, since: datetime, until: datetime) -> int:
        """Whole minutes from one moment to another."""
        return int((until - since).total_seconds()) // _MINUTE_S

    def length(self, minutes: int) -> str:
        """A length in words, in hours and minutes."""
        hours, rest = divmod(minutes, _HOUR_MIN)
        if not hours:
            return t("meeting-minutes", n=rest)
        return t("meeting-hours", n=hours) if not rest else t("meeting-hours-minutes", hours=hours, minutes=rest)

    def _with_zone(self, hours: str, moment: datetime) -> str:
        there, here = moment.astimezone(self.zone), moment.astimezone(FAIR_ZONE)
        text = in_zone(hours, there, language())
        if there.date() == here.date():
            return text
        return t("meeting-day-before" if there.date() < here.date() else "meeting-day-after", time=text)
