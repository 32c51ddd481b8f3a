login-title = 登录
login-username = 用户名
login-password = 密码
login-submit = 登录
resume-title = 登录成功
resume-sentence = 这是您之前填写的内容，现在提交吗？
resume-discard = 放弃

error-wrong-password = 用户名与密码不符。
    .title = 未登录
    .advice = 请核对后再试。主办方可以重设密码。
error-username-taken = 名为 { $username } 的账号已存在。
    .title = 名称已被占用
    .advice = 请换一个名称。
