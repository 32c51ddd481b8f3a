# 各页面共用：拒绝说明（标题、原因、怎么办）以及系统自身的少量词句。

web-home = 返回展区总览
web-send-again = 重新提交
api-docs-title = FairZone 程序接口

error-internal = 系统出了问题。您的操作没有留下半成品。
    .title = 操作未完成
    .advice = 请稍后再试。如仍不行，请把时间和本页地址告诉主办方。
error-not-found = 这个地址没有内容。
    .title = 未找到
    .advice = 请在展区总览中查找，或返回上一页。
error-not-allowed = 这个地址不接受此类请求。
    .title = 此处不可操作
    .advice = 请返回并使用页面上的按钮或链接。
error-bad-request = 请求不完整或已损坏。
    .title = 无法识别
    .advice = 请返回，刷新页面后再试一次。
error-too-large = 提交的内容超过此处可接受的大小。
    .title = 内容过大
    .advice = 请减少单次提交的内容。
error-busy = 系统当前正在处理的请求已达上限。
    .title = 系统繁忙
    .advice = 请过几秒再试。未作任何更改。
error-slow-request = 请求未在规定时间内送达。
    .title = 传输过慢
    .advice = 请检查网络连接后重新发送。
error-overlong = 网址或表单中的内容项过多，系统不予接受。
    .title = 内容项过多
    .advice = 请使用系统页面上的链接或表单。
error-unknown-host = 这不是本展区的网址。正确网址为 { $address }。
    .title = 网址不符
    .advice = 请打开 { $address }。
error-quota = 这里已有 { $most } { $what ->
        [products] 项产品
        [robots] 台机器人
        [people] 名人员
        [bridges] 个网桥
       *[requests] 次当日请求
    }，已达到系统为每个{ $what ->
        [requests] 账号
       *[other] 参展商
    }保留的上限。
    .title = 已达上限
    .advice = 请修改已有的条目，或向主办方申请提高上限。
error-wrong-type = 这个地址只接受 JSON。
    .title = 内容类型不符
    .advice = 请以 Content-Type: application/json 提交。
error-login-required = 此内容需要登录后查看。
    .title = 请先登录
    .advice = 登录后将回到此处继续，您填写的内容会保留。
error-forbidden = 您的账号没有这项权限。
    .title = 权限不足
    .advice = 请换用其他账号登录，或联系主办方。
error-invalid = 提交的内容不符合要求：{ $detail }
    .title = 无法识别
    .advice = 请更正后重新提交。
error-conflict = 与现有内容冲突。
    .title = 已被占用
    .advice = 请刷新页面查看当前内容。
error-too-many-tries = 该账号的密码错误次数过多。
    .title = 请稍候
    .advice = 请等待 { $seconds } 秒后再试。您的密码仍然有效；如已忘记，请重设密码。
error-setup = { $problem }
    .title = 安装不完整
    .advice = { $remedy }
error-stale-form = 此表单所属的会话已结束。
    .title = 请重新提交
    .advice = 内容没有丢失：请核对后重新提交。
login-new = 还没有采购商账号？
login-register = 登记
error-other-account = 现在登录的账号是{ $name }（{ $username }）。此表单是用另一个账号打开的，因此没有作任何更改。
    .title = 此表单属于另一个账号
    .advice = 所填内容保留在下方。请用打开表单的账号重新登录后提交；如需以{ $name }的身份操作，请重新打开页面。
error-foreign-form = 此请求不是从本站页面发出的。
    .title = 来自其他网站
    .advice = 请打开本站的页面，并从该页面提交。
error-malformed-json = 请求正文不是有效的 JSON。
    .title = 不是 JSON
    .advice = 请检查括号、逗号和引号。
error-invalid-request = 请求不符合接口定义，各处错误已列出。
    .title = 无法识别
    .advice = 请更正所列字段后重新提交。
# 无法联网的展位电脑可在此下载。
downloads-title = 展位网桥
downloads-lead = 供展位电脑使用的网桥：读取串口机器人，并经 HTTPS 把报告送到展区。安装无需联网，本机只需有 Python 3.11 至 3.14。
downloads-file = 文件
downloads-size = 大小
downloads-megabytes = { $size } MB
downloads-sum = SHA-256
downloads-get = 下载
downloads-platform-linux = Linux，64 位
downloads-platform-windows = Windows 10 和 11，64 位
downloads-next = 在展位电脑上
downloads-step-install = 解压后安装（Linux 或 Windows）：
downloads-step-edit = 在 bridge.toml 中填写展区地址、展位令牌和端口。
downloads-step-check = 运行检查：
downloads-empty = 暂无可下载的文件。
downloads-empty-hint = 请主办方技术人员制作安装包。
downloads-command = 在展区服务器上运行以下命令；文件生成后本页即会显示：
desk-downloads = 下载展位网桥
