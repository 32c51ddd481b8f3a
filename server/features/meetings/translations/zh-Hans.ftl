# 洽谈无法按要求安排的原因。
error-meeting-refused = 无法按要求安排洽谈。
    .title = 无法安排
    .advice = 请从附近的空闲时间中选择。
error-slot-taken = 该时段参展商已无空闲人员、洽谈桌或所需机器人。
    .title = 已被他人预订
    .advice = 请从附近的空闲时间中选择。
error-own-time-taken = 该时段与采购商的另一场预约洽谈（含步行时间）重叠。
    .title = 与另一场预约洽谈重叠
    .advice = 请从附近的空闲时间中选择。
error-outside-hours = 该时段展会未开放，或可洽谈的人员不在展位。
    .title = 不在开放时间
    .advice = 请从附近的空闲时间中选择。
error-no-place = 该参展商没有可供洽谈的展位与洽谈桌。
    .title = 没有洽谈地点
    .advice = 请向主办方申请展位，或与其他参展商洽谈。
error-off-grid = 洽谈须在整五分钟开始。
    .title = 开始时间不符
    .advice = 请从附近的空闲时间中选择。
error-in-the-past = 该时段已经开始。
    .title = 时间已过
    .advice = 请选择之后的空闲时间。
error-too-near = { $minutes ->
        [0] 该时段已经开始。
       *[other] 申请须至少在洽谈开始前 { $minutes } 分钟提出，以便参展商答复并到场。
    }
    .title = 时间太近
    .advice = 请选择之后的空闲时间，或直接到展位询问。
error-not-possible = { $act ->
        [request] 已无法提交申请：
        [reschedule] 已无法更改申请的时间：
        [accept] 已无法接受该申请：
        [decline] 已无法婉拒该申请：
        [withdraw] 已无法撤回：
        [cancel] 无法取消洽谈：
        [propose] 无法提议其他时间：
        [hand_over] 无法转交同事：
        [no_show] 无法登记未到场：
       *[other] 当前无法执行：
    }{ $state ->
        [held] 仅为占位，尚未申请。
        [requested] 已提交申请，尚未接受。
        [waiting] 该时间已给他人，正在候补。
        [accepted] 已接受。
        [done] 洽谈已结束。
        [no_show] 采购商未到场。
        [declined] 参展商已婉拒。
        [cancelled] 已取消。
        [withdrawn] 采购商已撤回。
       *[expired] 已过期。
    }
    .title = 情况已变化
    .advice = 请查看洽谈的最新情况，附近可能有空闲时间。
error-too-many-open = 您最多可同时占位 { $held } 个时段，未完成的占位与申请合计最多 { $open } 个。
    .title = 已达上限
    .advice = 请先在“我的预约”中完成或撤回其中一个；占位几分钟后会自动释放。
error-no-longer = { $reason ->
    [buyer-left] 采购商的账号已停用。
    [person-left] 约定的洽谈人员已不在该展位工作。
    [robot-left] 该机器人已不再展出。
   *[other] 参展商已没有这张洽谈桌。
}
    .title = 此洽谈已无法进行
    .advice = 系统会自动取消，并通知双方。
error-lapsed = 占位或申请已过期。
    .title = 已过期
    .advice = 如仍空闲可重新占位，或从附近的空闲时间中选择。
error-meeting-over = 该洽谈的时间已过。
    .title = 已结束
    .advice = 请选择之后的空闲时间。
error-too-early = 洽谈尚未开始。
    .title = 为时过早
    .advice = 请在开始时间之后记录。
error-no-proposal = 没有待答复的改期提议，或提议已不存在。
    .title = 没有待答复的提议
    .advice = 请查看洽谈的最新情况，或自行提议时间。
error-own-proposal = 该提议由您发出，须由对方答复。
    .title = 等待对方答复
    .advice = 请等待答复，或保留原来的时间。
error-registration-needed = 此账号尚未登记采购商信息。
    .title = 请先登记
    .advice = 请登记为采购商后再预约。

# 所有页面的框架。
nav-desk = 我的展位
nav-diary = 我的预约

# 主办方的当日概览与操作记录。
audit-thing-meeting = 洽谈
audit-field-table = 洽谈桌
audit-field-topic = 主题
audit-field-reason-text = 原因
audit-did-meeting-hold = { $who }为与{ $other }的洽谈占位
audit-did-meeting-request = { $who }申请了与{ $other }的洽谈
audit-did-meeting-reschedule = { $who }申请更改与{ $other }的洽谈时间
audit-did-meeting-accept = { $who }接受了与{ $other }的洽谈
audit-did-meeting-decline = { $who }婉拒了与{ $other }的洽谈
audit-did-meeting-withdraw = { $who }撤回了与{ $other }的洽谈申请
audit-did-meeting-cancel = { $who }取消了与{ $other }的洽谈
audit-did-meeting-propose = { $who }为与{ $other }的洽谈提议了新时间
audit-did-meeting-agree = { $who }同意了与{ $other }洽谈的新时间
audit-did-meeting-keep = { $who }保留了与{ $other }洽谈的原定时间
audit-did-meeting-hand-over = { $who }将与{ $other }的洽谈转交给同事
audit-did-meeting-no-show = { $who }记录了与{ $other }的洽谈无人到场
audit-did-meeting-expire = { $other }的洽谈申请逾期未答复，已自动失效
audit-did-meeting-lapse = { $other }的占位已到期，时段已释放
audit-did-meeting-finish = { $other }的洽谈已结束，系统自动记为完成
audit-did-meeting-wait = 时段已由他人预订，{ $other }的洽谈申请转为候补
audit-did-meeting-offer = 时段空出，{ $other }的候补申请已恢复
audit-field-proposed-by = 提议方
audit-field-proposed-starts-at = 提议开始时间
audit-field-proposed-ends-at = 提议结束时间
audit-field-expires-at = 到期
audit-field-requested-at = 申请时间
audit-field-sequence = 邀请序号

# 邮件邀请，以及组织者查看已发邮件的页面。
invite-subject-new = 已确认：{ $what }，{ $when }
invite-subject-changed = 有变更：{ $what }，{ $when }
invite-subject-cancelled = 已取消：{ $what }，{ $when }
invite-subject-uninvited = 已转交：{ $what }，{ $when }
invite-lead-new = 展会上的这场洽谈已由双方确认。
invite-lead-changed = 展会上的这场洽谈有变更，现安排如下。
invite-lead-cancelled = 展会上的这场洽谈已取消。
invite-lead-uninvited = 展会上的这场洽谈已由一位同事接手，您无需再出席。
invite-subject-readdressed = 改发至其他邮箱：{ $what }，{ $when }
invite-lead-readdressed = 这场洽谈的邀请今后改发至其他邮箱。此邮箱不再收到相关邮件，此日历中的条目随之删除。
invite-cancelled-by = 取消方：{ $who }
invite-reason = 取消理由：{ $reason }
invite-when = 展会时间：{ $when }
invite-own-time = 您当地时间：{ $when }
invite-where = 地点：{ $where }
invite-with = 洽谈对方：{ $names }
invite-about = 议题：{ $topic }
invite-calendar = 附件可将洽谈加入您的日历。在日历中答复不会改变任何安排：如需改期或取消，请使用 FairZone 中该洽谈的页面。
invite-link = 洽谈页面：{ $link }

# 洽谈的页面：可约时间、单场洽谈、日程与展位工作台。
meeting-fair-span = { $start }–{ $end } 北京时间
meeting-day-before = { $time }，前一天
meeting-day-after = { $time }，后一天
meeting-minutes = { $n } 分钟
meeting-hours = { $n } 小时
meeting-hours-minutes = { $hours } 小时 { $minutes } 分钟
meeting-place = 展位 { $booth }，{ $table } 号洽谈桌
meeting-booth = 展位 { $booth }
meeting-with = 与 { $name } 洽谈
meeting-waiting = 另有 { $n } 位采购商在等这个时间
meeting-state-held = 已占位
meeting-state-requested = 已申请
meeting-state-waiting = 候补中
meeting-state-accepted = 已约定
meeting-state-done = 已结束
meeting-state-no_show = 未到场
meeting-state-declined = 已婉拒
meeting-state-cancelled = 已取消
meeting-state-withdrawn = 已撤回
meeting-state-expired = 已过期

# 接下来会怎样，对双方分别说明。
meeting-next-held-buyer = 这个时间为您保留到 { $until }。请在此之前发出申请；申请尚未发出。
meeting-next-requested-buyer = 参展商会在 { $until } 之前答复。在此之前，系统会为您保留这一时段。
meeting-next-proposed-buyer = 参展商提议了其他时间，请在 { $until } 之前同意或保留原时间。
meeting-next-proposed-exhibitor = 采购商提议了其他时间，请在 { $until } 之前答复，否则申请会过期。您这边还没有任何预留。
meeting-next-waiting-buyer = 这个时段已由他人预订。一旦空出，您的申请会自动恢复。您也可以另选时间。
meeting-next-accepted-buyer = 已经约定。请提前一点到展位。
meeting-next-done-buyer = 这场洽谈已经结束。
meeting-next-no_show-buyer = 参展商记录您没有到场。
meeting-next-declined-buyer = 参展商婉拒了。您可以申请其他时间，或约见其他参展商。
meeting-next-cancelled-buyer = 这场洽谈不举行了。您的这个时间已经空出。
meeting-next-withdrawn-buyer = 您已撤回。没有任何预留。
meeting-next-expired-buyer = 已没有任何预留。请重新选择时间。
meeting-next-requested-exhibitor = 请在 { $until } 之前答复，否则申请会过期。您这边还没有任何预留。
meeting-next-waiting-exhibitor = 这个时段已由他人预订。采购商在候补，您也可以提议其他时间。
meeting-next-accepted-exhibitor = 已经约定。人员和洽谈桌都已预留。
meeting-next-done-exhibitor = 这场洽谈已经结束。
meeting-next-no_show-exhibitor = 您记录了对方没有到场。人员和洽谈桌已经空出。
meeting-next-declined-exhibitor = 您已婉拒。没有任何预留。
meeting-next-cancelled-exhibitor = 这场洽谈不举行了。人员和洽谈桌已经空出。
meeting-next-withdrawn-exhibitor = 采购商撤回了申请。没有任何预留。
meeting-next-expired-exhibitor = 申请没有及时得到答复。没有任何预留。
meeting-reason-slot-taken = 这个时段已由他人预订。
meeting-reason-slot-free = 这个时间又空出来了。
meeting-reason-hold-ended = 五分钟内没有发出申请。
meeting-reason-no-answer = 没有及时得到答复。
meeting-reason-place-left = 参展商已没有洽谈场所。
meeting-reason-robot-left = 该机器人已不再展出。
meeting-reason-person-left = 约定的洽谈人员已不在该展位工作。
meeting-reason-buyer-left = 采购商的账号已停用或注销。

# 单场洽谈的页面。
meeting-title = 与 { $name } 洽谈
meeting-title-both = { $exhibitor } 与 { $buyer }
meeting-organiser-note = 您以主办方身份查看此洽谈。洽谈由双方自行安排；您可以终止它。
meeting-when = 时间
meeting-where = 地点
meeting-where-later = 约定之后确定洽谈桌。
meeting-on-plan = 在平面图上查看
meeting-no-booth = 尚无展位
meeting-who-exhibitor = 您将会见
meeting-who-buyer = 来访者
meeting-person-open = 展位上有空的人员
meeting-contact = 联系方式
meeting-contact-none = 未提供
meeting-looks-for = 采购需求
meeting-robot = 想看的机器人
meeting-topic = 洽谈内容
meeting-topic-none = 尚未说明
meeting-queue = 还有谁在等
meeting-queue-none = 没有其他人在等这个时间
meeting-length = 时长
meeting-reason = 给出的理由
meeting-countdown = 剩余时间：{ $left }
meeting-countdown-minute = 还有一分钟可以发出申请。
meeting-countdown-over = 五分钟已到。如果这个时间仍然空着，您可以再次占位；您写的内容会保留在这里。
meeting-topic-help = 写一句话，参展商便于准备。也可以不写。
meeting-calendar = 加入我的日历
meeting-proposal-own = 您提议了其他时间
meeting-proposal-exhibitor = 参展商提议了其他时间
meeting-proposal-buyer = 采购商提议了其他时间
meeting-proposal-own-next = 由对方答复。在此之前时间不变。
meeting-proposal-next = 请同意新的时间，或保留原来的时间。
meeting-history = 经过
meeting-history-empty = 还没有任何记录。
meeting-actions = 您可以做的
meeting-back-diary = 返回我的预约
meeting-back-desk = 返回工作台
meeting-again = 申请其他时间
meeting-wrote = 您写的内容保留在此：{ $text }
meeting-changed = 您打开之后发生的变化
meet-without = 您所选的时间
meet-without-staff = 由参展商的其他人员接待
meet-without-robot = 不看该机器人
meeting-alternatives = 附近的空闲时间
meeting-alternatives-none = 附近没有空闲时间。
meeting-alternatives-hold = 点一个时间，改为占用它。
meeting-alternatives-reschedule = 点一个时间，把申请移到那里。
meeting-alternatives-propose = 点一个时间，向对方提议。
meeting-all-times = 全部空闲时间
meeting-act-request = 发出申请
meeting-act-withdraw = 撤回申请
meeting-act-withdraw-hold = 放弃这个时间
meeting-act-withdraw-sure = 确定撤回
meeting-act-reschedule = 另选时间
meeting-act-accept = 接受
meeting-act-decline = 婉拒
meeting-act-decline-sure = 婉拒这个申请
meeting-act-cancel = 取消洽谈
meeting-act-cancel-sure = 确定取消
meeting-act-cancel-note = 对方会立即得知，这个时间会提供给候补的人。
meeting-act-propose = 提议其他时间
meeting-act-agree = 同意新的时间
meeting-act-keep = 保留原来的时间
meeting-act-keep-own = 撤回这个提议
meeting-act-hand_over = 转交同事
meeting-act-hand_over-who = 由谁接手
meeting-act-hand_over-sure = 转交
meeting-act-no_show = 对方未到场
meeting-act-no_show-note = 采购商会看到。人员和洽谈桌立即空出。
meeting-act-no_show-sure = 确定对方未到场
meeting-act-reason = 给对方的理由
meeting-changed-since = 打开本页后，该洽谈有变动。
meeting-done-request = 申请已发出，参展商的工作台上已经可以看到。
meeting-done-withdraw = 已撤回。
meeting-done-reschedule = 申请已移到新的时间。
meeting-done-accept = 已接受。人员和洽谈桌已预留。
meeting-done-decline = 已婉拒，采购商会得知。
meeting-done-cancel = 已取消，对方会得知。
meeting-done-propose = 已提议新的时间，由对方答复。
meeting-done-agree = 已同意，洽谈改到新的时间。
meeting-done-keep = 时间不变。
meeting-done-hand_over = 已转交。
meeting-done-no_show = 已记录：对方未到场。
meeting-done-end = 洽谈已终止，已通知双方。
meeting-act-end-sure = 确认终止
meeting-act-end-reason = 原因（双方可见）
meeting-act-end-note = 双方会收到附有原因的通知，日历邀请随之取消，该时段将提供给正在等候的采购商。
meeting-act-end = 终止此洽谈
meeting-history-hold = 占用了这个时间
meeting-history-request = 发出了申请
meeting-history-reschedule = 移动了申请
meeting-history-accept = 接受了
meeting-history-decline = 婉拒了
meeting-history-withdraw = 撤回了
meeting-history-cancel = 取消了
meeting-history-propose = 提议了其他时间
meeting-history-agree = 同意了新的时间
meeting-history-keep = 保留了原来的时间
meeting-history-hand_over = 转交给同事
meeting-history-no_show = 记录对方未到场
meeting-history-expire = 因到期而结束
meeting-history-finish = 时间过后予以结束
meeting-history-wait = 转为候补
meeting-history-offer = 重新恢复为申请
meeting-field-state = 状态
meeting-field-start = 开始
meeting-field-end = 结束
meeting-field-proposal = 提议的开始时间
meeting-field-topic = 洽谈内容
meeting-field-why = 原因
meeting-field-reason = 给出的理由
meeting-field-staff = 同事
meeting-field-minutes = 时长

# 可约时间。
meet-title = 约见 { $name }
meet-lead = 请选择时间。为您保留五分钟，供您填写申请。
meet-lead-own = 时间为北京时间，下方是您当地的时间。
meet-view-only = 这是采购商看到的您的空闲时间。采购商在这里预约。
meet-options = 时长、人员、机器人
meet-show = 显示这些时间
meet-person = 想见的人
meet-person-any = 有空的人即可
meet-robot = 想看的机器人
meet-robot-none = 不看机器人
meet-topic-open = 说明洽谈内容（也可以在下一页填写）
meet-morning = 上午
meet-afternoon = 下午
meet-free = 空闲
meet-free-waiting = 空闲，{ $n } 人在等
meet-taken = 已占
meet-taken-waiting = 已占，{ $n } 人在等
meet-own = 您已有预约
meet-none-free = 这一天没有空闲时间。
meet-none-free-hint = 请换一天、缩短时长，或改为有空的人即可。
meet-day-over = 这一天已经结束。
times-title-reschedule = 另选时间
times-title-propose = 提议其他时间
times-lead-reschedule = 现在是 { $when }。点一个空闲时间，把申请移到那里。
times-lead-propose = 现在是 { $when }。点一个空闲时间向对方提议，由对方答复。
times-back = 返回洽谈

# 日程。
diary-title = 我的预约
diary-title-zone = 展区的洽谈
diary-next = 接下来
diary-next-held = 请先发出这个申请
diary-next-running = 正在进行
diary-day-all = 全部日期
diary-shows = 显示哪些洽谈
diary-show-planned = 计划中
diary-show-open = 未答复的申请
diary-show-agreed = 已约定
diary-show-off = 未达成／已取消
diary-staff = 同事
diary-staff-all = 所有人
diary-print = 打印当日安排
diary-gap = 空闲 { $length }
diary-walk = 步行约 { $n } 分钟到展位 { $booth }
diary-day-coming = 即将进行
diary-empty-choice = 没有符合所选条件的洽谈。
diary-empty-choice-all = 查看全部 { $n } 场计划中的洽谈
diary-empty-choice-off = 查看 { $n } 场未达成或已取消的洽谈
desk-coming = 接下来还有 { $n } 场已约定的洽谈
diary-empty-buyer = 这里还没有洽谈。
diary-empty-buyer-hint = 看看谁符合您的需求，再申请时间。
diary-empty-buyer-link = 查看我的匹配
diary-empty-exhibitor = 这里还没有洽谈。
diary-empty-exhibitor-hint = 只要展位上有人，采购商就可以申请那段时间。
diary-empty-exhibitor-link = 检查人员的在场时间
diary-empty-organiser = 这一天没有洽谈。
diary-empty-organiser-hint = 请换一天或换一种显示。
diary-proposal = 有新的时间提议

# 工作台。
desk-title = 今日展位
desk-questions = 待答复的申请
desk-questions-n = { $n ->
    [0] 没有待答复的申请
   *[other] { $n } 个申请等您答复
 }
desk-questions-empty = 没有待答复的申请。
desk-questions-empty-hint = 新的申请会自动出现在这里，最早的在最前。
desk-asked = { $when } 提出
desk-answer-by = 请在 { $when } 前答复
desk-others = 等待他人
desk-others-hint = 您提议后尚未得到答复的时间，以及候补的采购商。
desk-today = 当日安排
desk-today-empty = 这一天没有安排。
desk-today-empty-hint = 接受一个申请，或查看演示时间表。
desk-demo = 演示
desk-next-free = 下一个 30 分钟空闲：{ $when }
desk-next-free-none = 这一天已没有半小时的空闲。
desk-news = 本页有新情况。
desk-news-show = 显示

# 由谁结束，以及谁会收到邀请。
meeting-by-you = 您
meeting-ended-by = 由{ $who }操作。
meeting-invited-buyer-yes = 邀请及其变更会发到您的邮箱。
meeting-invited-buyer-no-address = 您不会收到邀请邮件：资料中没有邮箱。填写后，今后的每场洽谈都会发出邀请。
meeting-invited-buyer-no-consent = 您不会收到邀请邮件：您尚未同意接收邮件。同意后，今后的每场洽谈都会发出邀请。
meeting-invited-me = 前往我的资料
meeting-invited-staff-yes = 邀请会发到 { $name } 的邮箱。
meeting-invited-staff-no-address = { $name } 不会收到邀请邮件：没有邮箱。填写后，今后的每场洽谈都会发出邀请。
meeting-invited-team = 前往我们的人员
meeting-invited-other-yes = 采购商也会收到邮件。
meeting-invited-other-no = 采购商不会收到邮件，可在 FairZone 中查看。
diary-ended = 不举行的洽谈

# 洽谈发生了什么，按各收件人分别说明；.subject 是标题，也是邮件的主题。
told-hold-lapsed-buyer = 您为 { $exhibitor } 占用的时间已到期，申请未在此之前发出。该时段已重新开放给他人。
    .subject = 未发出申请：{ $exhibitor }，{ $when }
told-request-buyer = { $who } 已代您向 { $exhibitor } 提出洽谈申请，对方将在 { $until } 之前答复。
    .subject = 已申请：{ $exhibitor }，{ $when }
told-request-exhibitor = { $who } 申请洽谈。请在 { $until } 之前答复，逾期申请自动失效。
    .subject = 洽谈申请：{ $buyer }，{ $when }
told-reschedule-buyer = { $who } 已把您向 { $exhibitor } 提出的申请改到其他时间，原时间为 { $before }。
    .subject = 申请已改期：{ $exhibitor }，{ $when }
told-reschedule-exhibitor = { $who } 申请改到其他时间，原时间为 { $before }。请在 { $until } 之前答复，逾期申请自动失效。
    .subject = 申请已改期：{ $buyer }，{ $when }
told-withdraw-buyer = { $who } 已撤回您向 { $exhibitor } 提出的申请，不再保留任何时段。
    .subject = 申请已撤回：{ $exhibitor }，{ $when }
told-withdraw-exhibitor = { $who } 已撤回洽谈申请，无需答复。
    .subject = 申请已撤回：{ $buyer }，{ $when }
told-accept-buyer = { $exhibitor } 已接受您的申请，洽谈已约定。
    .subject = 已接受：{ $exhibitor }，{ $when }
told-accept-exhibitor = 与 { $buyer } 的洽谈已约定，由 { $staff } 出席。
    .subject = 已接受：{ $buyer }，{ $when }
told-decline-buyer = { $who } 婉拒了您的申请。您可以申请其他时间。
    .subject = 已婉拒：{ $exhibitor }，{ $when }
told-decline-exhibitor = { $who } 婉拒了 { $buyer } 的申请。
    .subject = 已婉拒：{ $buyer }，{ $when }
told-cancel-buyer = { $who } 取消了您的洽谈，该洽谈不再举行。
    .subject = 已取消：{ $exhibitor }，{ $when }
told-cancel-exhibitor = { $who } 取消了洽谈，该洽谈不再举行。
    .subject = 已取消：{ $buyer }，{ $when }
told-propose-buyer = { $who } 提议更改您的洽谈时间。请同意，或保留原来的时间。
    .subject = 提议新的时间：{ $exhibitor }，{ $proposal }
told-propose-exhibitor = { $who } 提议更改洽谈时间。请同意，或保留原来的时间。
    .subject = 提议新的时间：{ $buyer }，{ $proposal }
told-agree-buyer = { $who } 已同意洽谈的新时间，原时间为 { $before }。
    .subject = 新时间已约定：{ $exhibitor }，{ $when }
told-agree-exhibitor = { $who } 已同意洽谈的新时间，原时间为 { $before }。
    .subject = 新时间已约定：{ $buyer }，{ $when }
told-agree-former = 与 { $buyer } 的洽谈已改期，由 { $staff } 出席，您无需再出席。
    .subject = 无需您出席：{ $buyer }，{ $before }
told-keep-buyer = { $who } 保留洽谈的原时间，改期提议已取消。
    .subject = 时间不变：{ $exhibitor }，{ $when }
told-keep-exhibitor = { $who } 保留洽谈的原时间，改期提议已取消。
    .subject = 时间不变：{ $buyer }，{ $when }
told-hand-over-buyer = 您与 { $exhibitor } 的洽谈已由一位同事接手，时间不变。
    .subject = 更换洽谈人员：{ $exhibitor }，{ $when }
told-hand-over-exhibitor = 与 { $buyer } 的洽谈已转交给 { $staff }。
    .subject = 已转交：{ $buyer }，{ $when }
told-hand-over-former = 与 { $buyer } 的洽谈已转交给 { $staff }，您无需再出席。
    .subject = 无需您出席：{ $buyer }，{ $when }
told-no-show-buyer = { $exhibitor } 记录您没有到场洽谈。
    .subject = 未到场：{ $exhibitor }，{ $when }
told-no-show-exhibitor = { $who } 记录 { $buyer } 没有到场洽谈。
    .subject = 对方未到场：{ $buyer }，{ $when }
told-expire-buyer = 您向 { $exhibitor } 提出的洽谈申请逾期未约定，已自动失效，不再保留任何时段。您可以申请其他时间。
    .subject = 已失效：{ $exhibitor }，{ $when }
told-expire-exhibitor = { $buyer } 的洽谈申请逾期未约定，已自动失效，不再保留任何时段。
    .subject = 已失效：{ $buyer }，{ $when }
told-wait-buyer = 您向 { $exhibitor } 申请的时间已给他人。一旦空出，您的申请会自动恢复。您也可以另选时间。
    .subject = 候补中：{ $exhibitor }，{ $when }
told-offer-buyer = 您向 { $exhibitor } 申请的时间已空出，您的申请已恢复，对方将在 { $until } 之前答复。
    .subject = 时间已空出：{ $exhibitor }，{ $when }
told-offer-exhibitor = { $buyer } 申请的时间已空出。请在 { $until } 之前答复，逾期申请自动失效。
    .subject = 请重新答复：{ $buyer }，{ $when }
told-lapses-buyer = 您向 { $exhibitor } 提出的申请尚未约定，将于 { $until } 失效。您现在可以另选时间。
    .subject = 即将失效：{ $exhibitor }，{ $when }
told-lapses-exhibitor = { $buyer } 的申请将于 { $until } 失效，请尽快答复。
    .subject = 即将失效：{ $buyer }，{ $when }
