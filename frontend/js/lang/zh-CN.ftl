# The page's words. An id begins with the name of the module that shows it (frontend/js, frontend/js/views), those of
# several modules with none; ids stand in the same order in every file. https://projectfluent.org/fluent/guide says how
# to write plurals. docs/decisions/page.md says how to add a text.

## Everywhere
cancel = 取消
close = 关闭
language = 语言
# Each language in its own words, in every file.
language-en = English
language-zh-CN = 简体中文
a-picture = 一张图片
delete = 删除
leave = 退出
role-admin = 管理员
role-moderator = 版主
rooms = 房间
new-room = 新建房间
try-again = 重试
loading = 正在加载……
picture-by = { $name } 的图片
search-messages = 搜索消息
messages = 消息
statistics = 统计
my-segment = 适合你的房间
account = 账号
code = 验证码
part-failed = 页面的这一部分加载失败
part-failed-hint = 请检查网络连接，然后重试。

## Start
start-offline = 暂时连不上服务器，正在重试……

## Sidebar
sidebar-close = 收起房间列表
sidebar-yours = 我的房间
sidebar-none = 在下方加入一个房间，或新建一个。
sidebar-others = 可加入的房间
sidebar-unread = { $count } 条未读
sidebar-failed = 有内容未能发送
sidebar-theme-system = 配色：跟随系统
sidebar-theme-light = 配色：浅色
sidebar-theme-dark = 配色：深色
sidebar-sign-out = 退出登录
sidebar-unsent-title = 退出登录并放弃未发送的消息？
sidebar-unsent = 还有 { $count } 条消息在等待网络连接。退出登录会从此浏览器中移除你的所有内容。

## Speech
speech-many = { $count } 条新消息，最后一条：{ $last }

## Times
times-today = 今天
times-yesterday = 昨天

## Welcome
welcome-title = 在房间里畅谈，
welcome-title-bots = 有机器人一起看图。
welcome-rooms = 公开房间人人可读、可加入，私密房间留给你的团队。
welcome-pictures = 拖入一张图片，机器人会告诉你上面是什么。
welcome-lasts = 发出的消息不会丢，哪怕列车正驶入隧道。
welcome-name = 用户名
welcome-password = 密码
welcome-password-hint = 至少 8 个字符。
welcome-register-title = 注册账号
welcome-register-button = 进入
welcome-register-other = 来过这里？
welcome-register-switch = 登录
welcome-login-title = 欢迎回来
welcome-login-button = 登录
welcome-login-other = 第一次来？
welcome-login-switch = 注册账号
welcome-reset-title = 设置新密码
welcome-reset-button = 确定
welcome-reset-done = 密码已设置，请用新密码登录。
welcome-provider = 用 { $name } 登录
welcome-provider-failed = 登录没有成功，请重试。
welcome-invited = 这里需要邀请才能注册。
welcome-closed = 这里的账号由管理员创建。

## Room
members = 成员
room-drop = 松开鼠标，分享到“{ $room }”
room-teach = 教机器人认图
room-statistics = 本房间的统计
room-members = 成员：{ $count } 人
room-writing = { $name } 正在输入
room-writing-two = { $first } 和 { $second } 正在输入
room-writing-many = 多人正在输入
room-reading = 你正在浏览“{ $room }”。
room-join = 加入后即可发言

## Composer
composer = 写消息
composer-placeholder = 发消息到“{ $room }”
composer-send = 发送
composer-too-long = 超出 { $count } 个字符
composer-attach = 添加图片
composer-emoji = 插入表情
composer-replying = 回复 { $name }：
composer-no-reply = 取消回复

## Shelf
shelf-lost = 浏览器没有保存下这张图片。

## Blurred
blurred = 本房间对此类图片做模糊处理：{ $label }
blurred-unseen = 等机器人看过再显示
blurred-show = 显示
held-waiting = 正在检查：确认没有问题后会立即显示。
held-held = 已暂缓显示，等待版主审核。
held-waiting-seen = 正在检查：目前只有发送者和版主能看到。
held-held-seen = 等待审核：只有发送者和版主能看到。

## Empty
empty-title = 还没有房间
empty-about = 一个房间聊一个话题。来新建第一个吧。
empty-welcome = 欢迎来到“{ $room }”
empty-begins = “{ $room }”从这里开始
empty-private = 这里的内容只有房间成员能看到。
empty-public = 这里人人可读，也都可以加入。
empty-hello = 打个招呼，大家马上就能看到。
empty-picture = 把图片拖到页面任意位置，vision 机器人会告诉你那是什么。
empty-help = 输入 { $command } 看看机器人会做什么。

## Members
members-hide = 隐藏成员
members-add = 添加成员
members-here = 在线
members-away = 离线
members-leave = 退出“{ $room }”

## Message
message-edited = 已编辑
message-edited-at = 编辑于 { $time }
message-edited-show = ，查看之前的版本
message-deleted = { $name } 的一条消息已被删除。
message-failed = 未能发送。{ $reason }
message-waiting = 等待发送
message-held = 正在等待上面那条
message-trying = 服务器暂时未能接收，正在重试……

## Actions
actions = 操作
actions-react-with = 回应：{ $emoji }
actions-react = 回应
actions-reply = 回复
actions-edit = 编辑
actions-unread = 从这里起标为未读
actions-link = 复制此消息的链接
actions-link-copied = 链接已复制。
actions-delete-title = 删除这条消息？
actions-delete-text = 删除后谁也看不到了。
actions-delete-picture = 其中的图片也会一并删除。
actions-pin = 置顶
actions-pinned = 已置顶，点房间顶部的图钉查看。
actions-report = 向版主举报

## Timeline
timeline = “{ $room }”中的消息
timeline-new = 新消息
timeline-new-count = { $count } 条新消息
timeline-latest = 最新消息

## App
app-away = 连接已断开，正在自动恢复……

## Route
route-nothing = 这个地址没有内容，或者你无权查看。

## Avatar
bot = 机器人

## Room settings
room-settings = 房间设置
room-settings-muted = 房间设置（已静音）
room-locked = 房间已锁定，目前只有版主可以发言。
room-pins = 置顶消息

## People
new-direct = 新私信
person-creator = 创建者

## Api
api-cancelled = 上传已取消。
api-offline = 连不上服务器。请检查网络后重试。
api-internal = 服务器返回了 { $status }。请稍后重试。

## Wire
wire-away = 未连接。请在连接恢复后重试。
wire-silent = 服务器没有回应。请稍后重试。

## Rooms
rooms-not-found = 这个房间不存在，或者你无权查看。

## Code
code-copy = 复制
code-copy-this = 复制代码
code-copied = 代码已复制。

## Completion
completion = 建议

## Labels
labels = 机器人看到的
labels-label = { $label }：{ $share }
labels-taught = { $label }：{ $share }，在本房间教过

## Picture
picture-open = { $name } 的图片：放大查看
picture-upload = 上传进度
picture-cancel = 取消上传

## Quote
quote-gone = 一条已不在此处的消息
quote-deleted = 一条已删除的消息
quote-go = 跳到这条消息

## Emoji
emoji-common = 赞|爱心|笑哭|庆祝|惊讶|难过|感谢|鼓掌|火|看|一百分|完成|微笑|喜爱|思考|酷|举双手|主意|火箭|咖啡|猫|狗|太阳|踩

## Shortcuts
shortcuts = 快捷键
shortcuts-anywhere = 任何位置
shortcuts-room = 前往其他房间
shortcuts-list = 显示本列表
shortcuts-close = 关闭当前窗口
shortcuts-writing = 输入时
shortcuts-line = 换行
shortcuts-edit = 输入框为空时，编辑上一条消息
shortcuts-mention = 提及某人
shortcuts-emoji = 按名称查找表情
shortcuts-cancel = 取消回复或编辑

## Statistics
room = 房间

## Moderation
moderation = 管理
held-title = 待审核的图片
held-nothing = 没有待审核的图片。
held-label = { $label }，把握 { $percent }%
held-unanswered = 还没有机器人说明图片内容。
held-release = 允许显示
held-remove = 删除图片

## Account
account-of = { $name } 的账号

## Problems: the server's own words are English; other languages say it by its code
problem-bad_json = 请求的格式不对。
problem-bad_request = 无法理解这个请求。
problem-unauthenticated = 请先登录。
problem-bad_credentials = 用户名或密码不对，请检查后重试。
problem-csrf = 登录状态已变化，请刷新页面。
problem-foreign_origin = 请求来自其他网站，已被拒绝。
problem-forbidden = 你没有权限这样做。
problem-not_a_member = 你不是这个房间的成员，加入后才能这样做。
problem-not_found = 它不存在，或者你无权查看。
problem-no_segments = 还没有分组：需要先积累一些活动。
problem-method_not_allowed = 这里不允许这样做。
problem-username_taken = 这个名字已被占用，请换一个。
problem-too_little_data = 数据还太少，无法分组：至少需要 20 人，每人 15 次活动。
problem-superseded = 已有更新的结果，请刷新后再看。
problem-too_large = 太大了，请选小一些的。
problem-not_an_image = 这个文件不是可识别的图片。
problem-unsupported_media_type = 不支持这种内容类型。
problem-invalid = 有一项内容不符合要求：{ $detail }
problem-image_too_many_pixels = 图片的像素太多，请缩小后再发。
problem-too_many_requests = 操作太频繁，请稍后再试。
problem-unknown_event = 服务器不认识这个操作，请刷新页面。
problem-internal = 服务器出错了，请稍后再试。
problem-unavailable = 服务器的一部分暂时不可用，请稍后再试。
problem-bots_offline = 没有机器人进程可以做这件事。
problem-banned = 版主已将你封禁，原因见你的通知。
problem-muted = 版主已让你在这里暂时禁言，原因见你的通知。
problem-room_locked = 这个房间已锁定，暂时只有版主可以发言。
problem-already_appealed = 你已经申诉过了，每次处罚只能申诉一次。
problem-unwanted_word = 这个房间不欢迎其中的某个词，请换个说法。
problem-slow_mode = 这个房间开启了慢速模式，请稍等片刻再发。
problem-second_factor_required = 请输入验证器里的验证码，或一个恢复码。
problem-bad_code = 验证码不对，或已经用过。
problem-wrong_password = 当前密码不对。
problem-registration_closed = 这里不开放自由注册，请向成员要邀请链接。
problem-last_admin = 最后一位管理员不能离开，请先指定另一位。
problem-bad_link = 链接已用完、已过期或不存在，请再要一个。
problem-invalid-password_length = 密码要有 8 到 256 个字符。
problem-invalid-password_common = 这个密码太常见，最先被人试出来，请换一个。
problem-invalid-password_personal = 这个密码和你的名字或本站名称太像，请换一个别人猜不到的。
problem-invalid-username_malformed = 名字可以有 1 到 32 个文字、数字、“_”、“.”和“-”，并以文字、数字或“_”开头和结尾。

## Notifications
sidebar-direct = 私信
sidebar-direct-none = 给别人发条私信吧。
sidebar-mentions = { $count } 条提到你，{ $unread } 条未读
empty-direct = 你和{ $name }
notifications-body = { $author }：{ $text }

## Browse
browse = 浏览房间

## Reactions
reactions-you = 你
reactions-more = 另外 { $count } 人
reactions-somebody = 某人
