"""What of a robot's factsheet a person wants to read: the same few facts whatever version it was written in."""

from collections.abc import Mapping
from typing import Any

Path = tuple[str, ...]
_FACTS: Mapping[str, tuple[Path, ...]] = {
    "series": (("typeSpecification", "seriesName"),),
    "description": (("typeSpecification", "seriesDescription"),),
    "class": (("typeSpecification", "mobileRobotClass"), ("typeSpecification", "agvClass")),
    "kinematics": (("typeSpecification", "mobileRobotKinematics"), ("typeSpecification", "agvKinematic")),
    "localization": (("typeSpecification", "localizationTypes"),),
    "navigation": (("typeSpecification", "navigationTypes"),),
    "load": (("typeSpecification", "maximumLoadMass"), ("typeSpecification", "maxLoadMass")),
    "speed": (("physicalParameters", "maximumSpeed"), ("physicalParameters", "speedMax")),
    "length": (("physicalParameters", "length"),),
    "width": (("physicalParameters", "width"),),
    "height": (("physicalParameters", "maximumHeight"), ("physicalParameters", "heightMax")),
    "actions": (
        ("protocolFeatures", "mobileRobotActions", "actionType"),
        ("protocolFeatures", "agvActions", "actionType"),
    ),
    "versions": (("mobileRobotConfiguration", "versions", "value"), ("vehicleConfig", "versions", "value")),
    "protocol": (("version",),),
}
"""Where each fact stands: in version 3.0 of VDA 5050 first, then in version 2."""
_MOST_CHARS = 300


def facts_of(sheet: Any) -> dict[str, str]:
    """The facts that a factsheet states, by name, as text; what is not there or makes no sense is left out."""
    found = {
        name: next(filter(None, (_text(_at(sheet, path)) for path in paths)), "") for name, paths in _FACTS.items()
    }
    return {name: text for name, text in found.items() if text}


def _at(value: Any, path: Path) -> Any:
    for step in path:
        if isinstance(value, list):
            value = [part[step] for part in value if isinstance(part, dict) and step in part]
        elif isinstance(value, dict):
            value = value.get(step)
    return value


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text, value)))[:_MOST_CHARS]
    scalar = isinstance(value, str | int | float) and not isinstance(value, bool)
    return str(value)[:_MOST_CHARS] if scalar else ""
