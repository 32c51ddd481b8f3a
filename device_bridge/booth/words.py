"""What `fairzone bridge check` can find, in words: one row a finding, in English and Chinese, with what to do.

The code never changes, so that a test and a support desk can go by it.
"""

import locale
import os
from typing import Any, Literal, NamedTuple

import msgspec

Language = Literal["en", "zh"]
Level = Literal["ok", "note", "problem"]


class CheckRow(NamedTuple):
    """A finding in both languages, and what to do about it; nothing to do where it is well."""

    en: str
    zh: str
    do_en: str = ""
    do_zh: str = ""


class CheckFinding(msgspec.Struct, frozen=True):
    """One line of the check."""

    topic: str
    """`configuration`, `spool`, `server`, `credential`, `port <name>`, `broker`."""
    level: Level
    code: str
    facts: dict[str, Any] = {}

    @property
    def is_problem(self) -> bool:
        """Whether something has to be done before the bridge works as it is told to."""
        return self.level == "problem"

    def words(self, language: Language) -> tuple[str, str]:
        """(what is found, what to do) in a language."""
        row = FINDINGS[self.code]
        found, advice = (row.en, row.do_en) if language == "en" else (row.zh, row.do_zh)
        return found.format(**self.facts), advice.format(**self.facts)

    def as_json(self) -> dict[str, object]:
        """The finding for programs, in both languages."""
        texts = {language: dict(zip(("found", "do"), self.words(language), strict=True)) for language in ("en", "zh")}
        return {"topic": self.topic, "level": self.level, "code": self.code, **texts}


TOPICS = {
    "configuration": "配置",
    "spool": "缓存",
    "server": "服务器",
    "credential": "凭证",
    "port": "端口",
    "broker": "消息服务器",
    "bridge": "网桥",
}
_SIGNS: dict[Language, dict[Level, str]] = {
    "en": {"ok": "ok     ", "note": "note   ", "problem": "PROBLEM"},
    "zh": {"ok": "正常", "note": "提示", "problem": "问题"},
}

FINDINGS: dict[str, CheckRow] = {
    # the file
    "settings-ok": CheckRow("{path} is understood.", "{path} 可以读懂。"),
    "settings-missing": CheckRow(
        "{path} is not there.",
        "找不到 {path}。",
        "Copy the example bridge.toml of the bundle to this place, or name another file with --config.",
        "请把安装包里的示例 bridge.toml 复制到此处，或用 --config 指定其他文件。",
    ),
    "settings-unreadable": CheckRow(
        "{path} cannot be read: {why}.",
        "无法读取 {path}：{why}。",
        "Run this as the user who owns the file, and save the file as UTF-8.",
        "请以该文件所有者的身份运行，并把文件保存为 UTF-8。",
    ),
    "settings-no-toml": CheckRow(
        "{path}, line {line}: {why}.",
        "{path} 第 {line} 行不是有效的 TOML：{why}。",
        'Mend this line. A text stands in quotes (name = "booth-1"); on Windows write C:/fairzone with slashes.',
        '请改正这一行。文字要加引号（name = "booth-1"）；Windows 路径请写成 C:/fairzone。',
    ),
    "settings-unknown": CheckRow(
        "{place}: nobody knows `{key}`.",
        "{place}：没有名为 `{key}` 的设置。",
        "{near}",
        "{near_zh}",
    ),
    "settings-needed": CheckRow(
        "{place}: `{key}` is missing.",
        "{place}：缺少 `{key}`。",
        "Add a line with it; the example bridge.toml shows one.",
        "请加上这一行；示例 bridge.toml 里有写法。",
    ),
    "settings-wrong": CheckRow(
        "{place}: `{key}` does not fit: {why}.",
        "{place}：`{key}` 不合适：{why}。",
        "Write it as the example bridge.toml does.",
        "请按示例 bridge.toml 的写法修改。",
    ),
    "settings-no-url": CheckRow(
        '{place}: `server` is "{value}", which is no address.',
        "{place}：`server` 的值“{value}”不是地址。",
        "Write https:// and the name of the zone's server, as its pages show it in the browser.",
        "请写 https:// 加展区服务器的名称，与浏览器中看到的一致。",
    ),
    "settings-protocol": CheckRow(
        '{place}: no protocol is called "{value}".',
        "{place}：没有名为“{value}”的协议。",
        "Take one of: {known}.",
        "可用的协议：{known}。",
    ),
    "settings-twice": CheckRow(
        '{place}: two ports are called "{value}".',
        "{place}：有两个端口都叫“{value}”。",
        "Give each port a name of its own: the address under which its robot is enrolled.",
        "请给每个端口不同的名称，即其机器人登记的地址。",
    ),
    "settings-no-robots": CheckRow(
        "{path} names neither a serial port nor a broker: no robot could be heard.",
        "{path} 既没有串口也没有消息服务器：收不到任何机器人的数据。",
        "Add [[serial]] with name and url, or [mqtt] with host.",
        "请加上 [[serial]]（name、url），或 [mqtt]（host）。",
    ),
    # the spool
    "spool-ok": CheckRow(
        "{path}: {waiting} reports wait there; {free_mb} MB of the disk are free.",
        "{path}：有 {waiting} 条报告等待发送；磁盘剩余 {free_mb} MB。",
    ),
    "spool-no-folder": CheckRow(
        "{path} cannot be written: {why}.",
        "无法写入 {path}：{why}。",
        "Make the folder and give it to the user who runs the bridge: {command}",
        "请建立该文件夹，并交给运行网桥的用户：{command}",
    ),
    "spool-disk": CheckRow(
        "only {free_mb} MB of the disk are free for {path}; it wants {wanted_mb} MB.",
        "{path} 所在磁盘只剩 {free_mb} MB，需要 {wanted_mb} MB。",
        "Free room on this disk, lower `spool_limit_mb`, or put the spool on another disk.",
        "请清理磁盘、降低 `spool_limit_mb`，或把缓存放到其他磁盘。",
    ),
    "spool-unreadable": CheckRow(
        "{path} is no spool of this bridge: {why}.",
        "{path} 不是本网桥的缓存文件：{why}。",
        "Keep this file for whoever looks into it, and name another one as `spool`.",
        "请保留此文件以便查看，并在 `spool` 里另写一个文件名。",
    ),
    "spool-running": CheckRow(
        "a bridge runs on this spool (process {pid}); `fairzone bridge status` says how it does.",
        "已有网桥正在使用此缓存（进程 {pid}）；其状态请看 `fairzone bridge status`。",
    ),
    # the server
    "server-ok": CheckRow("{url} answers as a FairZone server.", "{url} 应答正常，是 FairZone 服务器。"),
    "server-name": CheckRow(
        'no address is known for "{host}".',
        "查不到“{host}”的地址。",
        "Look at the spelling of `server`; ask the booth's network for its name server; try the address in a browser.",
        "请检查 `server` 的拼写，确认展位网络的 DNS，并用浏览器试一下该地址。",
    ),
    "server-refused": CheckRow(
        "{host}:{port} takes no connection.",
        "{host}:{port} 拒绝连接。",
        "Look at the port in `server`; does the address open in this machine's browser? Then ask the organiser.",
        "请检查 `server` 的端口；本机浏览器能打开该地址吗？若不能，请联系主办方。",
    ),
    "server-silent": CheckRow(
        "{host}:{port} does not answer ({why}).",
        "{host}:{port} 没有应答（{why}）。",
        "Is this machine on the booth's network? Many booth networks let only HTTPS (port 443) out.",
        "本机是否已连上展位网络？许多展位网络只放行 HTTPS（443 端口）。",
    ),
    "server-certificate": CheckRow(
        "the certificate of {host} is not trusted here: {why}.",
        "本机不信任 {host} 的证书：{why}。",
        "Look at this machine's clock and at the name in `server`. A network that asks for a log-in page answers in "
        "the server's stead: open any page in a browser first.",
        "请检查本机时钟和 `server` 里的名称。需要网页登录的网络会冒充服务器应答：请先用浏览器打开任意网页。",
    ),
    "server-no-tls": CheckRow(
        "{host}:{port} does not speak HTTPS.",
        "{host}:{port} 不支持 HTTPS。",
        "Write http:// in `server` if the organiser says so, or another port.",
        "请按主办方的说明把 `server` 改为 http:// 或其他端口。",
    ),
    "server-other": CheckRow(
        "{url} answers, but is no FairZone server (status {status}).",
        "{url} 有应答，但不是 FairZone 服务器（状态码 {status}）。",
        "Write only the beginning of the zone's address into `server`, without a path. A log-in page of the network "
        "answers like this too: open any page in a browser first.",
        "`server` 里只写展区地址的开头，不带路径。网络的登录页面也会这样应答：请先用浏览器打开任意网页。",
    ),
    "server-ill": CheckRow(
        "{url} answers with an error of its own (status {status}).",
        "{url} 返回自身错误（状态码 {status}）。",
        "Nothing to do here: reports wait in the spool. Tell the organiser if it lasts.",
        "这里无需处理：报告会在缓存中等待。若持续出现，请告知主办方。",
    ),
    "clock-ok": CheckRow("this machine's clock agrees with the server's.", "本机时钟与服务器一致。"),
    "clock-skew": CheckRow(
        "this machine's clock is {seconds} s {direction} the server's.",
        "本机时钟比服务器{direction_zh} {seconds} 秒。",
        "Set the clock: {command}",
        "请校准时钟：{command}",
    ),
    # the credential
    "credential-ok": CheckRow(
        "the server knows this bridge and names {robots} robots.", "服务器认识本网桥，并登记了 {robots} 台机器人。"
    ),
    "credential-empty": CheckRow(
        "there is no token.",
        "没有令牌。",
        "Write the booth's token as `token` under [bridge], or set FAIRZONE_BRIDGE_TOKEN. The exhibitor's page for "
        "robots, or the organiser, gives it.",
        "请在 [bridge] 下写 `token`，或设置环境变量 FAIRZONE_BRIDGE_TOKEN。令牌见参展商的机器人页面，或向主办方索取。",
    ),
    "credential-unknown": CheckRow(
        "the server does not know this token (401).",
        "服务器不认识该令牌（401）。",
        "Copy the booth's token again, whole; it may have been replaced, revoked, or have ended with the fair.",
        "请重新完整复制展位令牌；它可能已被更换、吊销，或已随展会结束而失效。",
    ),
    "credential-forbidden": CheckRow(
        "the server knows this token, but it is not a bridge's (403).",
        "服务器认识该令牌，但它不是网桥的令牌（403）。",
        "A robot's own token belongs into the robot. Ask for a bridge's token: it begins with fzb_.",
        "机器人的令牌应放在机器人里。请索取网桥令牌：以 fzb_ 开头。",
    ),
    # the ports
    "port-ok": CheckRow("{url} is there and can be opened.", "{url} 存在且可以打开。"),
    "port-running": CheckRow("{url} is open in the running bridge.", "{url} 已由正在运行的网桥打开。"),
    "port-of-file": CheckRow(
        "{url} is used, as [[serial]] says, and not {other} of the folder `ports_dir`.",
        "使用 [[serial]] 指定的 {url}，而不是 `ports_dir` 文件夹中的 {other}。",
    ),
    "port-missing": CheckRow(
        "{url} is not there. This machine has: {seen}.",
        "找不到 {url}。本机现有端口：{seen}。",
        "{near}Plug the robot in and look again. A cable that only charges shows no port.",
        "{near_zh}请插好机器人后再检查。只能充电的线不会出现端口。",
    ),
    "port-address": CheckRow(
        "{said}.",
        "{said_zh}。",
        "Plug the adapter in, or write `url` as this says.",
        "请插好适配器，或按上述提示修改 `url`。",
    ),
    "port-options": CheckRow(
        "{said}",
        "{said_zh}",
        "Mend the table `options` of this port.",
        "请修改该端口的 `options` 表。",
    ),
    "port-permission": CheckRow(
        "{url} may not be opened by {user}.",
        "{user} 无权打开 {url}。",
        "{command} (the group of the port is {group}), then log in again or start the service again.",
        "{command}（该端口属于用户组 {group}），然后重新登录或重启服务。",
    ),
    "port-in-use": CheckRow(
        "{url} is in use by another program{who}.",
        "{url} 正被其他程序占用{who}。",
        "End that program (a terminal, an IDE's monitor, ModemManager), then check again.",
        "请关闭该程序（终端、IDE 串口监视器、ModemManager），然后再检查。",
    ),
    "port-failed": CheckRow(
        "{url} cannot be opened: {why}.",
        "无法打开 {url}：{why}。",
        "Look at `url` and `baudrate`; unplug the cable, plug it in again.",
        "请检查 `url` 和 `baudrate`；拔下线缆重新插好。",
    ),
    "port-nobody": CheckRow(
        'no robot is enrolled for the port "{name}" in the protocol {protocol}.{known}',
        "没有机器人以协议 {protocol} 登记在端口“{name}”。{known_zh}",
        "Give the port the name that stands as the robot's address on the exhibitor's page, or change it there.",
        "请把端口的 name 改为参展商页面上该机器人的地址，或在页面上修改地址。",
    ),
    # the broker
    "broker-ok": CheckRow("{host}:{port} accepts the bridge.", "{host}:{port} 接受网桥连接。"),
    "broker-running": CheckRow(
        "the running bridge is connected to {host}:{port}.", "正在运行的网桥已连接 {host}:{port}。"
    ),
    "broker-refused": CheckRow(
        "{host}:{port} takes no connection ({why}).",
        "{host}:{port} 拒绝连接（{why}）。",
        "Is the broker started? Look at `host`, `port` and `tls` under [mqtt].",
        "消息服务器是否已启动？请检查 [mqtt] 下的 `host`、`port` 和 `tls`。",
    ),
    "broker-narrow": CheckRow(
        "{host}:{port} refuses to let the bridge hear {refused}. Robots on the right topics are heard; a message on a"
        " topic beside them leaves no trace with this broker.",
        "{host}:{port} 拒绝网桥订阅 {refused}。主题正确的机器人可以收到；发到其他主题的消息在此消息服务器上不留记录。",
        "Ask the broker's operator to let the bridge's account subscribe to them, to see misspelt topics refused.",
        "如需看到主题写错的消息，请让消息服务器管理员允许网桥账号订阅这些主题。",
    ),
    "broker-unheard": CheckRow(
        "{host}:{port} refuses to let the bridge hear {refused}: robots that publish there are not heard.",
        "{host}:{port} 拒绝网桥订阅 {refused}：收不到在这些主题上发布的机器人。",
        "Let the broker's operator allow the bridge's account to subscribe to these topics.",
        "请让消息服务器管理员允许网桥账号订阅这些主题。",
    ),
    "broker-credential": CheckRow(
        "{host}:{port} refuses the bridge: {why}.",
        "{host}:{port} 拒绝网桥：{why}。",
        "Look at `username` and `password` under [mqtt] (or FAIRZONE_MQTT_PASSWORD), and at `client_id`.",
        "请检查 [mqtt] 下的 `username` 和 `password`（或 FAIRZONE_MQTT_PASSWORD），以及 `client_id`。",
    ),
}


def language_of(asked: Language | None) -> Language:
    """The language that was asked for, or the machine's own: Chinese where it speaks Chinese, English otherwise."""
    if asked is not None:
        return asked
    told = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    own = told or locale.getlocale()[0] or ""
    return "zh" if own.lower().startswith(("zh", "chinese")) else "en"


def line_of(finding: CheckFinding, language: Language) -> str:
    """The finding as it is printed: its sign, its topic, what is found, and what to do."""
    kind, _, name = finding.topic.partition(" ")
    topic = finding.topic if language == "en" else f"{TOPICS[kind]} {name}".strip()
    found, advice = finding.words(language)
    arrow = f"\n         -> {advice}" if advice else ""
    return f"{_SIGNS[language][finding.level]}  {topic}: {found}{arrow}"
