"""The one line that says how the bridge is doing: what matters first, and the last trouble at the end."""

from datetime import datetime

from device_bridge.booth.words import Language
from device_bridge.health import BYTES_A_MB
from device_bridge.vitals import PortVitals, Vitals, is_running

_BROKER = {
    "en": {"connected": "broker connected", "away": "BROKER AWAY"},
    "zh": {"connected": "消息服务器已连接", "away": "消息服务器断开"},
}


def status_line(vitals: Vitals | None, now: datetime, language: Language) -> str:
    """How the bridge is doing, or since when it is not."""
    if vitals is None:
        return _NEVER[language]
    if not is_running(vitals, now):
        word = _ENDED[language] if vitals.ended else _DIED[language]
        return word.format(since=_clock(vitals.at), waiting=f"{vitals.waiting:,}")
    parts = [_head(vitals, language), *_wires(vitals, language), *_figures(vitals, language), _last(vitals, language)]
    return " · ".join(part for part in parts if part)


_SHOWN = ("malformed", "reconnects")
"""The figures of a line that say that something is wrong with it."""
_NEVER: dict[Language, str] = {
    "en": "NOT RUNNING · no bridge has worked with this configuration yet",
    "zh": "未运行 · 尚无网桥使用过此配置",
}
_DIED: dict[Language, str] = {
    "en": "NOT RUNNING since {since}, ended unasked · {waiting} reports wait for the next start",
    "zh": "未运行 · {since} 起异常终止 · {waiting} 条报告等待下次启动",
}
_ENDED: dict[Language, str] = {
    "en": "NOT RUNNING since {since}, stopped in order · {waiting} reports wait for the next start",
    "zh": "未运行 · {since} 起正常停止 · {waiting} 条报告等待下次启动",
}


def _clock(at: datetime) -> str:
    return at.astimezone().isoformat(sep=" ", timespec="seconds")


def _head(vitals: Vitals, language: Language) -> str:
    open_ports = sum(port.open for port in vitals.ports)
    room = not vitals.full and not vitals.disk_full and not vitals.spool_fails
    wires = open_ports == len(vitals.ports) and vitals.broker != "away" and not vitals.broker_unheard
    well = not vitals.server_trouble and wires and room
    return {"en": "OK" if well else "ATTENTION", "zh": "正常" if well else "注意"}[language]


def _wires(vitals: Vitals, language: Language) -> list[str]:
    ports = f"{sum(port.open for port in vitals.ports)}/{len(vitals.ports)}"
    closed = ", ".join(_closed(port, language) for port in vitals.ports if not port.open)
    lines = [_quality(port) for port in vitals.ports if any(port.quality.get(name) for name in _SHOWN)]
    quality = f" ({'; '.join(lines)})" if lines else ""
    if language == "en":
        missing = f", MISSING {closed}" if closed else ""
        heard = f"robots heard {vitals.heard}/{vitals.enrolled}"
        return [f"ports open {ports}{missing}{quality}", _broker(vitals, language), heard]
    missing = f"，缺少 {closed}" if closed else ""
    heard = f"收到机器人 {vitals.heard}/{vitals.enrolled}"
    return [f"端口 {ports}{missing}{quality}", _broker(vitals, language), heard]


def _broker(vitals: Vitals, language: Language) -> str:
    """How it is with the broker, and what of the bridge's subscriptions it refuses."""
    word, narrowed = _BROKER[language].get(vitals.broker, ""), ", ".join(vitals.broker_narrowed)
    unheard = ", ".join(vitals.broker_unheard)
    if language == "en":
        refused = f"; REFUSES {unheard[:200]}: robots there are not heard" if unheard else ""
        beside = f"; refuses {narrowed[:200]}: topics beside the right ones leave no trace" if narrowed else ""
    else:
        refused = f"；拒绝订阅 {unheard[:200]}：收不到相应机器人" if unheard else ""
        beside = f"；拒绝订阅 {narrowed[:200]}：发到其他主题的消息不留记录" if narrowed else ""
    return f"{word}{refused}{beside}"


def _closed(port: PortVitals, language: Language) -> str:
    """A port that is not open, with what is wrong with it."""
    return f"{port.name} ({port.trouble[language]})" if language in port.trouble else port.name


def _quality(port: PortVitals) -> str:
    """What is not well with a line; the rest is in --json."""
    return f"{port.name} " + " ".join(f"{name} {port.quality[name]:g}" for name in _SHOWN if port.quality.get(name))


def _figures(vitals: Vitals, language: Language) -> list[str]:
    counts = vitals.counts
    stored, waiting, refused = f"{counts.stored:,}", f"{vitals.waiting:,}", f"{counts.refused:,}"
    megabytes, limit = vitals.spool_bytes // BYTES_A_MB, (vitals.limit_bytes or 0) // BYTES_A_MB
    if language == "en":
        away = f" (SERVER AWAY: {vitals.server_trouble[:120]})" if vitals.server_trouble else ""
        full = f"SPOOL FULL {megabytes}/{limit} MB, {vitals.when_full}" if vitals.full else ""
        dropped = f"{counts.dropped:,} lost for lack of room" if counts.dropped else ""
        full = "SPOOL CANNOT BE WRITTEN, nothing new is taken" if vitals.spool_fails else full
        full = "DISK FULL, nothing new is taken: free room on the spool's disk" if vitals.disk_full else full
        return [f"stored today {stored}", f"waiting {waiting}{away}", f"refused {refused}", full, dropped]
    away = f"（服务器不通：{vitals.server_trouble[:120]}）" if vitals.server_trouble else ""
    full = f"缓存已满 {megabytes}/{limit} MB，{vitals.when_full}" if vitals.full else ""
    dropped = f"因空间不足丢失 {counts.dropped:,}" if counts.dropped else ""
    full = "缓存无法写入，不再接收新报告" if vitals.spool_fails else full
    full = "磁盘已满，不再接收新报告：请清理缓存所在磁盘" if vitals.disk_full else full
    return [f"今日已存 {stored}", f"待发送 {waiting}{away}", f"拒收 {refused}", full, dropped]


def _last(vitals: Vitals, language: Language) -> str:
    if vitals.trouble is None:
        return ""
    clock = vitals.trouble.at.astimezone().strftime("%H:%M:%S")
    return f"{'last trouble' if language == 'en' else '最近问题'} {clock}: {vitals.trouble.text[:160]}"
