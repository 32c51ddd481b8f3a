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
