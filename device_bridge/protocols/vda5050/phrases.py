"""From the standard's words to the zone's: activity, speed, faults in their languages, figures."""

import math
import re
from collections.abc import Iterable
from functools import lru_cache

from device_bridge.protocols.vda5050.header import Information, Translation, Velocity
from device_bridge.wire.report import Activity

MAX_TEXT = 200
MAX_CODE = 64
UNNAMED = "unnamed"
"""Stands for the empty type of an error."""
_MAX_LANGUAGES = 8
_MAX_METRICS = 32
_LARGEST = 1e12
_TOP_SPEED = 100.0
_OWN_LANGUAGES = ("zh", "en")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]+)*")
_LANGUAGE_CHARS = 12
_NOT_IN_A_METRIC_NAME = re.compile(r"[^a-z0-9_]+")


def speed_of(velocity: Velocity | None) -> float | None:
    """Metres a second over ground; None also for what no robot does."""
    speed = math.hypot(velocity.vx, velocity.vy) if velocity else None
    return None if speed is None or speed > _TOP_SPEED else speed


def activity_of(*, charging: bool | None, paused: bool | None, acting: bool, driving: bool | None) -> Activity:
    """What the robot is doing, the most telling first; unknown where that cannot be told."""
    for holds, activity in (
        (charging, Activity.CHARGING),
        (paused, Activity.PAUSED),
        (acting, Activity.WORKING),
        (driving, Activity.MOVING),
    ):
        if holds is None:
            return Activity.UNKNOWN
        if holds:
            return activity
    return Activity.IDLE


def texts_of(text: str, translations: Iterable[Translation]) -> dict[str, str]:
    """A text by language: the plain one is English by the standard, a translation into English takes its place.

    The zone's own languages come first where there are more than a report may carry.
    """
    found = {"en": text[:MAX_TEXT]} if text else {}
    for translation in translations:
        language = _language(translation.translation_key)
        if language and translation.translation_value:
            found[language] = translation.translation_value[:MAX_TEXT]
    ranked = sorted(found, key=lambda language: language not in _OWN_LANGUAGES)
    return {language: found[language] for language in ranked[:_MAX_LANGUAGES]}


def hinted(texts: dict[str, str], hints: dict[str, str]) -> dict[str, str]:
    """The texts with what the maker advises behind them, each in its own language; a hint alone is a text too."""
    joined = {
        language: f"{text} ({hints[language]})"[:MAX_TEXT] if language in hints else text
        for language, text in texts.items()
    }
    alone = {language: hint for language, hint in hints.items() if language not in texts}
    return dict(list({**joined, **alone}.items())[:_MAX_LANGUAGES])


@lru_cache(maxsize=256)
def _language(key: str) -> str:
    """`zh` for every sort of Chinese in simplified letters, `en` for every sort of English, nothing for nonsense."""
    language = key.strip().lower().replace("_", "-")
    if len(language) > _LANGUAGE_CHARS or not _LANGUAGE.fullmatch(language):
        return ""
    main = language.partition("-")[0]
    traditional = language in {"zh-hant", "zh-tw", "zh-hk"}
    return main if main in _OWN_LANGUAGES and not traditional else language


def metrics_of(informations: Iterable[Information]) -> dict[str, float]:
    """Numbers that the maker puts into `information` under the type `metrics`: what is no number is left out."""
    found: dict[str, float] = {}
    for information in informations:
        if information.info_type != "metrics":
            continue
        for reference in information.info_references:
            name, value = _metric_name(reference.reference_key), _number(reference.reference_value)
            if value is not None and name and len(found) < _MAX_METRICS:
                found[name] = value
    return found


@lru_cache(maxsize=4_096)
def _metric_name(key: str) -> str:
    return _NOT_IN_A_METRIC_NAME.sub("_", key.lower()).strip("_")[:40]


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= _LARGEST else None
