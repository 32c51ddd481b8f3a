# 保存的个人资料，以及注销账号。
data-download = 下载您的资料
erase-title = 注销账号
erase-sentence = 注销后无法恢复。账号立即失效，您的姓名、公司和联系地址将被删除。
erase-ends = 以下内容将结束
erase-no-meetings = 没有待进行的洽谈、申请或占位。
erase-state-held = 占位
erase-state-requested = 申请
erase-state-waiting = 排队中的申请
erase-state-accepted = 洽谈
erase-needs = 删除 { $n } 项采购需求。
erase-sessions = { $n ->
    [0] 该账号目前没有登录。
   *[other] { $n } 台设备将退出登录。
}
erase-token = 程序令牌失效。
erase-notices = 删除 { $n } 条消息。
erase-stays = 以下内容保留
erase-history = 已举行的洽谈保留在展会记录中，但不再显示您的信息：只写“已注销的采购商”或“已注销的用户”，采购商另保留国家或地区。
erase-mails = 与您约好的人会收到取消通知。这些通知先发出，随后删除，最迟七天。
erase-staff = 展位人员名单中的条目属于参展商，由参展商管理员在展位人员页面移除。
erase-password-help = 以免他人以您的名义注销。
erase-send = 永久注销账号
erased-title = 账号已注销
erased-sentence = 账号已失效，您的资料已删除。与您约好的人现在会收到通知。
erased-home = 返回首页
off-title = 停用 { $name }？
off-sentence = 在重新启用之前，任何人都不能以 { $username } 登录。
off-meetings = 以下各项将取消，并通知所有相关人员：
