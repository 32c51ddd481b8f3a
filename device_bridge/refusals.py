"""Why a message was refused, in words: one row a reason, in Chinese and English. The code never changes."""

from device_bridge.protocols.decoded import Malformed

FIELD_NOT_TAKEN = "field-not-taken"
"""The code of a field that could not be read, of a message that was taken but for it."""
SENTENCES: dict[str, dict[str, str]] = {
    "not-enrolled": {
        "en": "No robot is enrolled for {address} in the protocol {protocol}. Enrol it on the exhibitor's page.",
        "zh": "{address} 没有以协议 {protocol} 登记的机器人。请在参展商页面登记。",
    },
    "wrong-identity": {
        "en": "The message names {claim}, but it came in as {address}. A robot may speak for itself alone.",
        "zh": "报文自称 {claim}，但来自 {address}。机器人只能代表自己发送。",
    },
    "replayed": {
        "en": "Report {seq} of this robot is stored already, and this copy is old. Raise `seq` by one each time.",
        "zh": "该机器人的第 {seq} 条报告早已保存，这是旧副本。每条报告的 `seq` 应加一。",
    },
    "leapt": {
        "en": "`seq` leaps from {high} to {seq}, further than a robot can count in that time. Count by one, and give"
        " every restart a `boot` of its own. Nothing is counted as lost by this.",
        "zh": "`seq` 从 {high} 跳到 {seq}，超出机器人在这段时间内可能达到的数量。"
        "请逐一递增，并在每次重启时使用新的 `boot`。此处不计为丢失。",
    },
    "boot-in-future": {
        "en": "`boot` {boot} lies more than a day ahead. It is the robot's start in milliseconds since 1970.",
        "zh": "`boot` {boot} 超前一天以上。它应为机器人启动时刻（自 1970 年起的毫秒数）。",
    },
    "not-understood": {
        "en": "The zone could not make sense of this message. It is kept as it came; the log of the bridge says more.",
        "zh": "展区无法处理该报文。已原样保存，详情见网桥日志。",
    },
    "topic-denied": {
        "en": "The broker denied a message of {sender} on {topic}. A robot may publish on its own topics alone: look "
        "at exhibitor, robot and kind.",
        "zh": "消息服务器拒绝了 {sender} 发往 {topic} 的报文。机器人只能使用自己的主题：请检查参展商、机器人和类别。",
    },
    "unknown-topic": {
        "en": "No protocol of this zone uses the topic {address}.",
        "zh": "本展区没有使用主题 {address} 的协议。",
    },
    "beside-topic": {
        "en": "Nothing is read from the topic {address}. The nearest that is: {right} ({differs}).",
        "zh": "本展区不读取主题 {address}。最接近的正确主题：{right}（{differs}）。",
    },
    "connect-refused": {
        "en": "The broker refused a connection from {sender}: user name, password and client id are not those of one "
        "robot. User name and client id are both `<exhibitor>.<robot>`; copy all three from the robot's page.",
        "zh": "消息服务器拒绝了来自 {sender} 的连接：用户名、密码与客户端标识不属于同一台机器人。"
        "用户名和客户端标识均为 `<参展商>.<机器人>`；三者请从机器人凭证页面复制。",
    },
    "oversized-packet": {
        "en": "The broker ended the connection of {sender}: a message was longer than it takes. At most 16384 bytes "
        "are taken; send fewer metrics or errors.",
        "zh": "消息服务器断开了 {sender} 的连接：报文超过其上限。最多接受 16384 字节，请减少 metrics 或 errors。",
    },
    "too-many-starts": {
        "en": "This robot has named more than {most} new starts within an hour. `boot` changes at a restart alone: keep"
        " it the same until then.",
        "zh": "该机器人一小时内报告的新启动超过 {most} 次。`boot` 只应在重启时改变，其间请保持不变。",
    },
    "old-boot": {
        "en": "`boot` {boot} lies before every boot that is remembered. Set it to the time of the robot's start.",
        "zh": "`boot` {boot} 早于所有仍有记录的启动。请设为机器人的启动时间。",
    },
}


def refuse(code: str, **facts: object) -> Malformed:
    """Say no with the sentence of this code; `facts` fill its gaps."""
    return Malformed(code, {language: text.format(**facts) for language, text in SENTENCES[code].items()})
