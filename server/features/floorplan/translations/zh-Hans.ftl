# 展位与平面图。
booths-title = 展位
booths-lead = 共 { $count } 个展位，{ $taken } 个已有参展商，{ $vacant } 个空闲。
booths-empty = 没有符合条件的展位。
booths-empty-hint = 清除筛选可查看全部。
booths-search = 展位或参展商
booth-vacant = 空闲
booth-only-taken = 有参展商
booth-only-vacant = 空闲
booth-only-any = 全部
booth-kind-standard = 标准展位
booth-kind-raw = 光地
column-booth = 展位
column-kind = 类型
column-size = 尺寸
column-power = 电力
column-exhibitor = 参展商
column-screen = 展位屏
booth-screen-open = 打开
booth-kilowatt = { $n } 千瓦
booths-none = 还没有平面图。
booths-filters = 筛选
booths-list = 全部展位
booths-plan = 平面图
booths-plan-hint = 每个展位都是链接，点开即可查看；列表内容与图一致。
booths-legend = 图例
booth-choose = 请选择展位
booth-choose-hint = 可在图上或列表中选择，此处将显示参展商、尺寸与电力。
booth-numbered = 展位 { $number }
booth-area = { $n } 平方米
booth-tables = 洽谈桌
booth-assign-title = 分配此展位
booth-assign = 分配展位
booth-who = 查找参展商
booth-nobody = 没有找到该名称的参展商，请输入中文或英文名称的一部分。
booth-group-without = 尚无展位
booth-group-having = 已有展位
booth-near = 最近的空闲展位：
booth-uses = 此处已有 { $count } 项预订
booth-uses-more = 另有 { $count } 项。
booth-use-length = { $n } 分钟
booth-use-demo = 演示：{ $name }
booth-use-meeting = 与{ $name }的洽谈
booth-vacate = 收回展位…
booth-vacate-not-yet = 此处没有预订后方可收回。
booth-vacate-ask = 要从{ $who }收回展位 { $number } 吗？
booth-vacate-hint = 参展商的页面和机器人保留不变；平面图和展位屏将显示该展位空闲。
booth-vacate-yes = 收回展位
booth-vacate-no = 不收回
booth-edit-exhibitor = 编辑参展商
booth-done-assigned = 展位 { $number } 现属于{ $who }。
booth-done-vacated = 展位 { $number } 现为空闲。
error-booth-taken = 展位 { $booth } 属于{ $name_zh }（{ $name_en }）。
    .title = 此展位已被占用
    .advice = 请选择其他展位，或先收回此展位。
error-booth-in-use = 展位 { $booth } 或其洽谈桌有 { $count } 项演示或洽谈预订。
    .title = 此展位正在使用
    .advice = 请先改期或取消所列各项，再收回展位。
plan-tools = 平面图缩放
plan-in = 放大平面图
plan-out = 缩小平面图
plan-whole = 全图
plan-keys = 按加号或减号缩放，方向键移动，按 0 显示全图。

# 所有页面的框架。
nav-booths = 展位

# 主办方的当日概览与操作记录。
audit-did-booth-assign = { $who }分配了展位 { $key }
audit-did-booth-vacate = { $who }收回了展位 { $key }
audit-thing-booth = 展位
audit-field-exhibitor = 参展商

# 实时画面用语：状态、时间、数据来源与展位屏。
booth = 展位

# 演示、展位与在场时间。
told-booth-assign = { $who } 已将展位 { $booth } 分配给 { $exhibitor }。
    .subject = 展位 { $booth } 已分配给您
told-booth-vacate = { $who } 已从 { $exhibitor } 收回展位 { $booth }。
    .subject = 展位 { $booth } 已收回
