"""What is said of a line on which bytes come and nothing makes sense."""

from datetime import timedelta

from device_bridge.transports.line_quality import GARBAGE, LineQuality, PortTrouble
from tests.support.robots import START


def test_noise_for_a_while_is_called_a_wrong_baud_rate_until_something_makes_sense() -> None:
    quality = LineQuality()
    quality.made_sense(START)
    told = []

    for second in (1, 10, 19, 20, 40):
        quality.watch(100, START + timedelta(seconds=second))
        told.append(quality.last_error)
    quality.made_sense(START + timedelta(seconds=41))

    assert told == [None, None, None, GARBAGE, GARBAGE]
    assert quality.last_error is None
    assert ("wrong baud rate?" in GARBAGE.en, "波特率是否有误？" in GARBAGE.zh) == (True, True)


def test_a_quiet_line_and_one_that_makes_sense_now_and_then_are_no_noise() -> None:
    quiet, rare = LineQuality(), LineQuality()

    for second in range(600):
        now = START + timedelta(seconds=second)
        quiet.watch(0, now)
        rare.watch(500, now)
        if second % 15 == 0:
            rare.made_sense(now)

    assert (quiet.last_error, rare.last_error) == (None, None)


def test_another_trouble_is_not_forgotten_when_something_makes_sense() -> None:
    quality = LineQuality(last_error=PortTrouble("gone", "断开"))

    quality.made_sense(START)

    assert quality.last_error == PortTrouble("gone", "断开")
