# 机器人、隔离区与数据完整性。
robots-title = 机器人
robots-lead = 登记机器人 { $count } 台，已收到数据 { $heard } 台。
robots-empty = 没有符合条件的机器人。
robots-empty-hint = 清除筛选可查看全部。
robots-search = 机器人、参展商或展位
robots-silent = 仅无信号
column-state = 状态
column-seen = 最后出现
column-battery = 电量
column-protocol = 协议
column-address = 地址
column-source = 数据来源
protocol-fair-mqtt = 展会协议 MQTT
protocol-fair-serial = 展会协议 串口
protocol-vda5050 = VDA 5050
protocol-fair-cobs = 展会协议 COBS
protocol-fair-https = 展会协议 HTTPS
protocol-mavlink = MAVLink 2
protocol-modbus = Modbus RTU
protocol-kobuki = Kobuki
protocol-declared = 字段映射
robot-never = 从未
robot-percent = { $n } %
quarantine-title = 隔离区
quarantine-lead = 被拒收的报文，以及已接收报文中未采用的单个字段，均附原因与原始字节。这些内容从未显示在展位屏上。
quarantine-empty = 没有被拒收的报文。
quarantine-empty-hint = 机器人发送无法读取或不属于自己的报文时，会连同原因显示在这里。
quarantine-raw = 原始字节
quarantine-cut = 前 { $kept } 字节，共 { $size } 字节
quarantine-size = { $n } 字节
quarantine-copies = 该分钟内同类报文共 { $n } 条
quarantine-older = 更早
quarantine-newest = 回到最新
quarantine-unknown = 未知机器人
column-reason = 原因
column-from = 来源
column-message = 报文
ledger-title = 数据完整性
ledger-lead = 每台机器人发送与已存储的数据。发送 = 已存储 + 丢失 + 待到 + 拒收编号。
ledger-empty = 还没有机器人发送数据。
ledger-empty-hint = 机器人一开始发送数据，这里就会出现它的账目。
ledger-sent = 发送
ledger-stored = 已存储
ledger-lost = 丢失
ledger-open = 待到
ledger-gaps = 缺口
ledger-duplicates = 重发
ledger-refused = 拒收
ledger-updated = 更新
ledger-total = 全部机器人

# 单台机器人一天的数据完整性。
hours-days = 日期
hours-before = 前一天
hours-after = 后一天
hours-today = 今天
hours-by-hour = 按小时
hours-hour = 小时
hours-whole-day = 全天
hours-sent = 发送
hours-received = 收到
hours-stored = 已存储
hours-duplicates = 重发
hours-rejected = 拒收
hours-lost = 丢失
hours-gaps = 缺口
hours-turned-away = 拒收编号
hours-awaited = 待到
hours-law = 发送 = 已存储 + 丢失 + 拒收编号 + 待到。被拒收的报告不再等待，发送方以同一编号更正重发后会照常存储。收到 = 已存储 + 重发 + 拒收。迟到的报告补上较早的空缺时，该小时的“待到”为负数。
hours-empty = 当天没有收到任何数据。
hours-empty-hint = 该机器人一开始发送数据，这里就会按小时显示。
hours-lost-title = 已确定丢失
hours-lost-none = 当天没有丢失。
hours-awaited-title = 仍可能到达
hours-awaited-none = 没有待到的报告。
hours-span = { $count ->
    [1] 第 { $first } 条报告
   *[other] 第 { $first } 至 { $last } 条报告（共 { $count } 条）
 }
hours-boot = 启动
ledger-by-hour = 按小时

# 机器人的自述。
sheet-title = 技术资料
sheet-received = 收到时间
sheet-raw = 完整报文
sheet-empty = 该机器人尚未发送技术资料。
sheet-empty-hint = VDA 5050 机器人在主题 factsheet 下发布。
sheet-series = 系列
sheet-description = 说明
sheet-class = 类别
sheet-kinematics = 运动方式
sheet-localization = 定位方式
sheet-navigation = 导航方式
sheet-load = 载重（公斤）
sheet-speed = 最高速度（米/秒）
sheet-length = 长（米）
sheet-width = 宽（米）
sheet-height = 高（米）
sheet-actions = 动作
sheet-versions = 版本
sheet-protocol = 协议版本
presence-title = 连接
presence-unknown = 该机器人未说明连接状态。
presence-online = 上线时间
presence-offline = 已下线
presence-broken = 连接中断
presence-hibernating = 开始休眠

# 机器人自己的入口（HTTPS）。
error-robot-token = 没有机器人使用此令牌：令牌缺失、未知、已吊销或已过期。
    .title = 未知机器人
    .advice = 请发送请求头 "Authorization: Bearer fz_…"，令牌见参展商的机器人页面；如已过期请在该页面更换。
error-wrong-door = { $robot } 登记的协议是 { $protocol }，不是 HTTPS 上的 fair 协议。
    .title = 应走其他入口
    .advice = 请按登记的协议发送报告，或申请改为 fair-https 登记；之后以新的 boot 开始。
error-too-many-reports = 该机器人每分钟请求超过 { $requests } 次。
    .title = 请求过多
    .advice = 请等待一分钟，然后在一次请求中发送最多 500 条报告。
error-too-many-at-once = 列表中有 { $found } 条报告，一次请求最多接受 { $most } 条。
    .title = 一次报告过多
    .advice = 请分多次发送，最早的在前。本次请求未保存任何内容。

# 告警与彩排。
pose-off-other-map = 位置在地图 { $map } 上，未绘制
pose-off-outside = 位置在平面图之外（{ $x } m，{ $y } m），未绘制
alarms-title = 告警
alarm-battery-fraction = 电量单位可疑
alarm-bridge-clock = 网桥时钟不准
alarm-clock-skew = 时钟不准
alarm-other = 其他告警
alarm-take-over = 连接被抢占
alarm-older-start = 启动编号变小
length-seconds = { $n } 秒
length-minutes = { $n } 分钟
length-hours = { $n } 小时
length-days = { $n } 天
length-years = { $n } 年
clock-slow = 时钟慢 { $length }
clock-fast = 时钟快 { $length }
refused-since = { $seconds } 秒前被拒收：
aside-late = { $seconds } 秒前收到一条报告，但其时间早了 { $length }，已作为历史保存。如该机器人时钟偏慢，请校准；持续按正常节奏发送的报告会在数秒内显示。
aside-older-start = { $seconds } 秒前收到一条报告，其启动编号（`boot`）小于当前编号，已作为历史保存。持续发送的报告会在数秒内显示；请让每次重启后的 `boot` 更大。
alarm-two-senders = 两个发送方
alarm-since = 自 { $opened } 起，最近一次 { $seen }
rehearsal = 彩排
rehearsal-title = 彩排
rehearsal-lead = 以彩排凭证收到的内容：不显示在展位屏上，也不计入展会统计。
rehearsal-heard = { $seconds } 秒前收到彩排数据
rehearsal-counts = 已存储 { $reports } 条，拒收 { $refused } 条
rehearsal-newest = 最新报告

# 报文检查。
check-title = 检查报文
check-lead = 粘贴机器人发送的一条报文，查看系统如何理解它。内容不会保存，也不会显示在展位屏上。
check-verdict = 检查结果
check-report = 一条报告
check-presence = 连接状态
check-glimpse = 两次报告之间的位置
check-factsheet = 技术资料
check-refused = 拒收
check-untaken = 字段未采用
check-says = 理解为：
check-mended = 去掉有误的字段后，会理解为：
check-protocol = 协议
check-robot = 机器人
check-robot-help = 选择机器人后，还会检查该报文能否由它发送，并使用其端口选项。
check-robot-none = 不选：只检查报文
check-message = 报文
check-message-help = JSON 按文本粘贴；二进制帧按十六进制字节粘贴，例如 aa 55 03。
check-encoding = 报文形式
check-text = 文本
check-hex = 十六进制字节
check-send = 检查
robots-none = 尚无登记的机器人。
heard-last = 最近一条报告在 { $seconds } 秒前收到。
heard-first = 这是第一条。机器人应约每秒发送一次：请继续发送，每次 `seq` 加一。
heard-silent = 此后没有新报告。机器人应约每秒发送一次，停止发送即视为无信号。
heard-nothing = 尚未收到任何内容。请在机器人上粘贴下面任一段代码。

# 所有页面的框架。
nav-robots = 机器人
unset-step-crew = 检查机器人报文
nav-quarantine = 隔离区
nav-ledger = 数据完整性

# 参展商工作台：资料、产品、人员与在场时间、机器人。
desk-reports-title = 机器人接收情况
desk-reports-more = 更多
desk-reports-refused = 被拒收的报文
desk-reports-all = 查看全部被拒收的报文

# 实时画面用语：状态、时间、数据来源与展位屏。
state-live = 实时
state-working = 工作中
state-charging = 充电中
state-waiting = 待命
state-stopped = 安全停止
state-fault = 故障
state-silent = 无信号
state-refused = 在发送，被拒收
state-none = 无机器人
state-loading = 连接中
state-connected = 暂无机器人在线
state-offline = 离线
state-unheard = 尚未上线
source-live = 真实机器人
source-simulated = 模拟数据
source-replay = 回放
