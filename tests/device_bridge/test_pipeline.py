"""What happens to a message between its arrival and its acknowledgement, on a real spool."""

import itertools
import sqlite3
from pathlib import Path

import pytest

from device_bridge.arrivals import Arrival, BrokerNotice, DurableMark
from device_bridge.directory import Directory
from device_bridge.pipeline import Pipeline
from device_bridge.protocols.fair import decode_line
from device_bridge.spool import Spool
from device_bridge.wire.batch import Delivery, Enrolments, Gap, Item, Rejection, RobotPresence
from tests.support.robots import (
    BOOT,
    ENROLMENTS,
    FAIR,
    FAIR_TOPIC,
    SERIAL,
    VDA_CONNECTION,
    VDA_STATE,
    at,
    fair_status,
    serial_line,
    vda_connection,
    vda_state,
)


class Line:
    """A pipeline over a spool in a folder, and what it makes of arrivals."""

    def __init__(self, folder: Path, enrolments: Enrolments = ENROLMENTS) -> None:
        self.spool = Spool(folder / "spool.db")
        numbers = itertools.count(1)
        self.pipeline = Pipeline(self.spool, Directory(enrolments), lambda: f"r{next(numbers)}")

    def settle(self, *arrivals: Arrival | BrokerNotice) -> tuple[DurableMark, ...]:
        """Settle one batch."""
        return self.pipeline.settle(arrivals)

    def fair(self, *numbers: int) -> tuple[DurableMark, ...]:
        """Settle these reports of the fair-profile robot as one batch."""
        return self.settle(*(mqtt(fair_status(number)) for number in numbers))

    def _items(self) -> list[Item]:
        return [queued.item for queued in self.spool.oldest(10_000)]

    def deliveries(self) -> list[Delivery]:
        """The deliveries in the spool."""
        return [item for item in self._items() if isinstance(item, Delivery)]

    def rejections(self) -> list[Rejection]:
        """The refusals in the spool."""
        return [item for item in self._items() if isinstance(item, Rejection)]

    def gaps(self) -> list[tuple[int, int]]:
        """The spans given up for good."""
        return [(item.first, item.last) for item in self._items() if isinstance(item, Gap)]

    def presences(self) -> list[str]:
        """What waits to be told of the robots' connections: the newest of each."""
        return [str(item.state) for item in self._items() if isinstance(item, RobotPresence)]

    def numbers(self) -> list[int]:
        """The numbers of the deliveries, in their order."""
        return [delivery.report.seq for delivery in self.deliveries()]


@pytest.fixture
def line(tmp_path: Path) -> Line:
    """A pipeline over an empty spool."""
    return Line(tmp_path)


def mqtt(payload: bytes, topic: str = FAIR_TOPIC, *, redelivered: bool = False, seconds: float = 0) -> Arrival:
    """A message from the broker."""
    return Arrival("mqtt", topic, payload, at(seconds), redelivered=redelivered)


def mark(seq: int, boot: int = BOOT) -> DurableMark:
    """A durable mark of the fair-profile robot."""
    return DurableMark(FAIR.robot, FAIR.protocol, FAIR.address, boot, seq)


def test_a_report_is_on_disk_and_its_mark_is_told(line: Line, tmp_path: Path) -> None:
    marks = line.fair(1, 2, 3)

    assert marks == (mark(3),)
    line.spool.close()
    assert Line(tmp_path).numbers() == [1, 2, 3]


def test_a_resend_is_counted_once_and_told_its_mark_again(line: Line) -> None:
    line.fair(1, 2)

    marks = line.fair(1, 2)

    assert marks == (mark(2),)
    assert line.numbers() == [1, 2]
    assert [ledger.duplicates for ledger in line.spool.unsent_ledgers(10)] == [2]


def test_a_late_report_is_history_and_never_the_live_value(line: Line) -> None:
    line.fair(1, 3)

    marks = line.fair(2)

    assert marks == (mark(3),)
    assert [(delivery.report.seq, delivery.backfill) for delivery in line.deliveries()] == [
        (1, False),
        (3, False),
        (2, True),
    ]


def test_reports_of_an_older_boot_are_history(line: Line) -> None:
    line.settle(mqtt(fair_status(1, boot=BOOT + 5000)))

    marks = line.fair(1)

    assert marks == (mark(1),)
    assert [(delivery.report.boot, delivery.backfill) for delivery in line.deliveries()] == [
        (BOOT + 5000, False),
        (BOOT, True),
    ]


def test_a_replay_goes_to_quarantine_raw_and_with_its_reason(line: Line) -> None:
    line.settle(*(mqtt(fair_status(number), seconds=number) for number in range(1, 101)))
    old = fair_status(3)

    line.settle(mqtt(old, seconds=101))

    (rejection,) = line.rejections()
    assert (rejection.code, rejection.raw, rejection.robot) == ("replayed", old, FAIR.robot)
    assert line.numbers() == list(range(1, 101))


@pytest.mark.parametrize(
    ("arrival", "code", "robot"),
    [
        (mqtt(b"{"), "not-json", FAIR.robot),
        (mqtt(fair_status(1, time="noon")), "invalid-field", FAIR.robot),
        (mqtt(fair_status(1, v=2)), "unsupported-version", FAIR.robot),
        (mqtt(b"x" * 20_000), "oversized", FAIR.robot),
        (mqtt(fair_status(1, robot="other")), "wrong-identity", FAIR.robot),
        (mqtt(fair_status(1), "fair/v1/nanling/unknown/status"), "not-enrolled", None),
        (mqtt(fair_status(1), "fair/v2/status"), "beside-topic", None),
        (mqtt(fair_status(1, boot=BOOT * 1000)), "boot-in-future", FAIR.robot),
        (mqtt(vda_state(1, manufacturer="OTHER"), VDA_STATE), "wrong-identity", "nanling/porter-2"),
        (
            Arrival(
                "serial", "booth-1", fair_status(1), at(0), heard=decode_line(fair_status(1)), protocol="fair-serial"
            ),
            "wrong-identity",
            SERIAL.robot,
        ),
    ],
)
def test_what_is_refused_is_kept_and_the_rest_is_untouched(
    line: Line, arrival: Arrival, code: str, robot: str | None
) -> None:
    line.settle(mqtt(fair_status(1)), arrival, mqtt(fair_status(2)))

    (rejection,) = line.rejections()
    assert (rejection.code, rejection.robot, rejection.size) == (code, robot, len(arrival.payload))
    assert arrival.payload.startswith(rejection.raw)
    assert set(rejection.detail) == {"en", "zh"}
    assert line.numbers() == [1, 2]


def test_a_robot_that_is_wrong_in_the_same_way_all_day_does_not_fill_the_disk(line: Line) -> None:
    """The first of a minute are kept one by one; the rest of it is one row with their number."""
    for _ in range(3):
        line.settle(*(mqtt(b"{", seconds=7) for _ in range(100)), mqtt(b"[]", seconds=7))
    line.settle(mqtt(b"{", seconds=67))

    rows = line.rejections()
    assert [row.code for row in rows if row.copies == 1].count("not-json") == 20 + 1
    assert [row.copies for row in rows if row.copies > 1] == [280]


def test_a_field_that_cannot_be_read_costs_itself_and_is_one_row_a_minute_that_counts(line: Line) -> None:
    spoilt = {"battery": 180, "metrics": {"a": "x", "b": []}}
    for start in (1, 51):
        line.settle(*(mqtt(fair_status(start + number, **spoilt), seconds=7) for number in range(50)))
    line.settle(mqtt(fair_status(101, battery=180), seconds=8), mqtt(fair_status(102, battery=-5), seconds=67))
    line.settle(mqtt(fair_status(102, battery=-5), seconds=68))

    rows = line.rejections()
    assert len(line.deliveries()) == 102
    assert sorted((row.field, row.code, row.copies) for row in rows) == [
        ("battery", "field-not-taken", 1),
        ("battery", "field-not-taken", 101),
        ("metrics.*", "field-not-taken", 100),
    ]
    assert {row.robot for row in rows} == {FAIR.robot}


def test_a_serial_robot_is_known_by_its_port(line: Line) -> None:
    raw = serial_line(1)

    marks = line.settle(Arrival("serial", "booth-1", raw, at(0), heard=decode_line(raw), protocol="fair-serial"))

    assert marks == (DurableMark(SERIAL.robot, "fair-serial", "booth-1", BOOT, 1),)


def test_lost_vda5050_states_are_counted_at_once_since_nobody_will_send_them_again(line: Line) -> None:
    marks = line.settle(*(mqtt(vda_state(number), VDA_STATE) for number in (10, 11, 15, 16)))

    (ledger,) = line.spool.unsent_ledgers(10)
    assert marks == ()
    assert line.gaps() == [(12, 14)]
    assert (ledger.first, ledger.high, ledger.stored, ledger.lost, ledger.missing) == (10, 16, 4, 3, ())


def test_a_reconnect_whose_counter_goes_on_hides_no_loss(line: Line) -> None:
    line.settle(mqtt(vda_connection(0), VDA_CONNECTION), mqtt(vda_state(1), VDA_STATE))

    line.settle(mqtt(vda_connection(50), VDA_CONNECTION), mqtt(vda_state(60), VDA_STATE))

    assert line.gaps() == [(2, 59)]
    assert len({delivery.report.boot for delivery in line.deliveries()}) == 1


def test_a_counter_that_starts_again_after_coming_online_is_a_new_boot(line: Line) -> None:
    line.settle(mqtt(vda_connection(0), VDA_CONNECTION), *(mqtt(vda_state(n), VDA_STATE) for n in (1, 2, 3)))

    line.settle(mqtt(vda_connection(50), VDA_CONNECTION), mqtt(vda_state(1, seconds=51), VDA_STATE))

    boots = [delivery.report.boot for delivery in line.deliveries()]
    assert boots == [int(at(0).timestamp() * 1000)] * 3 + [int(at(50).timestamp() * 1000)]
    assert not any(delivery.backfill for delivery in line.deliveries())


def test_a_silent_reboot_is_known_by_its_clock_and_a_replayed_state_is_not_taken_for_one(line: Line) -> None:
    line.settle(*(mqtt(vda_state(n), VDA_STATE, seconds=n) for n in range(1, 100)))

    line.settle(mqtt(vda_state(5), VDA_STATE, seconds=100))
    line.settle(mqtt(vda_state(1, seconds=200), VDA_STATE))

    assert [rejection.code for rejection in line.rejections()] == ["replayed"]
    assert [delivery.report.seq for delivery in line.deliveries()][-2:] == [99, 1]


def test_states_that_the_broker_sends_again_across_a_reboot_are_booked_once(line: Line) -> None:
    """The bridge was killed between its commit and the acknowledgements: everything comes again, in order."""
    first = [(vda_connection(0), VDA_CONNECTION), *((vda_state(n), VDA_STATE) for n in range(1, 101))]
    second = [
        (vda_connection(200), VDA_CONNECTION),
        *((vda_state(n, seconds=200 + n), VDA_STATE) for n in range(1, 51)),
    ]
    line.settle(*(mqtt(*message) for message in first + second))

    line.settle(*(mqtt(*message, redelivered=True) for message in first + second))
    line.settle(mqtt(vda_state(51, seconds=251), VDA_STATE))

    assert len(line.deliveries()) == 151
    assert len({delivery.report.boot for delivery in line.deliveries()}) == 2
    assert line.gaps() == []


def test_a_vda5050_robot_whose_clock_was_reset_gets_the_time_of_receipt_as_its_boot(line: Line) -> None:
    line.settle(mqtt(vda_state(1, timestamp="1970-01-01T00:00:01+08:00"), VDA_STATE))
    line.settle(mqtt(vda_state(1, timestamp="2031-01-01T00:00:00Z", serialNumber="P2"), VDA_STATE, seconds=9))

    boots = [delivery.report.boot for delivery in line.deliveries()]
    assert boots == [int(at(0).timestamp() * 1000), int(at(9).timestamp() * 1000)]
    assert line.rejections() == []


def test_a_sender_that_never_heard_its_mark_is_told_it_with_every_replay(line: Line) -> None:
    line.settle(*(mqtt(fair_status(number), seconds=number) for number in range(1, 41)))

    marks = line.settle(mqtt(fair_status(1), seconds=300), mqtt(fair_status(2), seconds=300))

    assert marks == (mark(40),)


def test_what_the_broker_kept_for_newcomers_is_history(line: Line) -> None:
    line.settle(Arrival("mqtt", FAIR_TOPIC, fair_status(1), at(0), retained=True))

    assert [delivery.backfill for delivery in line.deliveries()] == [True]


def test_a_payload_of_which_only_the_beginning_was_kept_is_refused_by_its_true_length(line: Line) -> None:
    line.settle(Arrival("mqtt", FAIR_TOPIC, b"x" * 100, at(0), size=5_000_000))

    assert [(rejection.code, rejection.size) for rejection in line.rejections()] == [("oversized", 5_000_000)]


def test_a_message_that_breaks_the_judge_is_kept_and_the_rest_goes_on(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("device_bridge.accounts.Draft.note_presence", None)

    line.settle(mqtt(fair_status(1)), mqtt(vda_connection(0), VDA_CONNECTION), mqtt(fair_status(2)))

    assert [rejection.code for rejection in line.rejections()] == ["not-understood"]
    assert line.numbers() == [1, 2]


def test_a_disk_with_little_room_takes_nothing_and_says_so(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("device_bridge.spool.HEADROOM_BYTES", 2**62)

    with pytest.raises(sqlite3.OperationalError, match="left on the disk"):
        line.fair(1)

    monkeypatch.undo()
    assert line.fair(1) == (mark(1),)


def test_the_retained_online_that_every_reconnect_brings_is_no_news(line: Line) -> None:
    online = mqtt(vda_connection(0), VDA_CONNECTION)
    line.settle(online, *(mqtt(vda_state(n), VDA_STATE, seconds=n) for n in range(1, 100)))

    line.settle(online, mqtt(vda_state(5), VDA_STATE, seconds=100))

    assert [rejection.code for rejection in line.rejections()] == ["replayed"]


def test_the_accounts_survive_a_restart(line: Line, tmp_path: Path) -> None:
    line.fair(1, 2, 5)
    line.spool.close()

    again = Line(tmp_path)
    marks = again.fair(1, 2, 3, 4, 5, 6)

    assert marks == (mark(6),)
    assert sorted(again.numbers()) == [1, 2, 3, 4, 5, 6]


def test_a_batch_that_cannot_be_written_has_not_happened_and_may_be_settled_again(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.fair(1)

    def full(_accounts: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(line.spool, "save_accounts", full)
    with pytest.raises(sqlite3.OperationalError):
        line.fair(2, 3)
    monkeypatch.undo()

    assert line.numbers() == [1]
    assert line.fair(2, 3) == (mark(3),)
    assert line.numbers() == [1, 2, 3]


def test_only_the_last_boots_are_kept_open_and_an_older_one_is_refused(line: Line) -> None:
    for start in range(10, 19):
        line.settle(mqtt(fair_status(1, boot=BOOT + start)))

    line.settle(mqtt(fair_status(2, boot=BOOT + 1)))

    assert [rejection.code for rejection in line.rejections()] == ["old-boot"]
    assert len(line.spool.accounts()) == 8


def test_the_late_last_will_of_an_earlier_connection_is_no_news(line: Line) -> None:
    for seconds in (0, 60):
        line.settle(Arrival("mqtt", VDA_CONNECTION, vda_connection(seconds), at(seconds)))

    late, own = (vda_connection(seconds, "CONNECTIONBROKEN") for seconds in (0, 59))
    line.settle(Arrival("mqtt", VDA_CONNECTION, late, at(70)))
    before = line.presences()
    line.settle(Arrival("mqtt", VDA_CONNECTION, own, at(80)))

    assert (before, line.presences()) == (["online"], ["broken"])
