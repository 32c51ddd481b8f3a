# 站内消息，以及每条消息共有的文字。发生了什么，由相应的功能说明。
nav-inbox = 消息
nav-inbox-unread = { $n ->
    [100] 100 条以上未读
   *[other] { $n } 条未读
 }
inbox-title = 消息
inbox-lead = 与您有关的消息，最新的在前。
inbox-shows = 显示哪些消息
inbox-show-all = 全部
inbox-show-unread = 未读（{ $n }）
inbox-unread = 新
inbox-open = 打开
inbox-read = 标为已读
inbox-read-all = 全部标为已读
inbox-empty = 还没有消息。
inbox-empty-hint = 与您有关的申请、答复和变更会显示在这里。
inbox-empty-unread = 所有消息都已读。
inbox-empty-unread-hint = 新的消息会显示在这里。
notice-link = 在 FairZone 中打开：{ $link }
notice-own-time = 您当地时间：{ $value }

# 邮件邀请，以及组织者查看已发邮件的页面。
invite-hello = { $name }，您好！

# 洽谈发生了什么，按各收件人分别说明；.subject 是标题，也是邮件的主题。
told-who-organiser = 主办方
told-who-house = FairZone 系统

# 说明之后的各行。
notice-when = 展会时间：{ $value }
notice-proposal = 提议的时间：{ $value }
notice-until = 答复期限：{ $value }
notice-where = 地点：{ $value }
notice-with = 洽谈人员：{ $value }
notice-staff = 出席人员：{ $value }
notice-robot = 想看的机器人：{ $value }
notice-topic = 议题：{ $value }
notice-why = 原因：{ $value }
notice-reason = 对方给出的理由：{ $value }
