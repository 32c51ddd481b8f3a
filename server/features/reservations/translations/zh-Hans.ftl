# 同一时间不可重复占用的资源。
error-taken = 该时段所需的资源已被占用（{ $number } 项）。
    .title = 已被占用
    .advice = 请从附近的空闲时间中选择。
