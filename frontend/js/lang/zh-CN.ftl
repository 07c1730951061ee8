# 页面上的全部文字。写法见 docs/decisions/page.md；条目的名称和顺序与 en.ftl 相同。

## Everywhere
cancel = 取消
close = 关闭
language = 语言
language-en = English
language-zh-CN = 简体中文
a-picture = 一张图片
add = 添加
delete = 删除
leave = 退出
name = 名称
remove-named = 移除 { $name }
role-admin = 管理员
role-moderator = 版主
rooms = 房间
new-room = 新建房间
try-again = 重试
done = 完成
save = 保存
picture-by = { $name } 的图片
search-messages = 搜索消息
found = 找到 { $count } 个
comma = 、
optional = （可选）

## Start
start-offline = 暂时连不上服务器，正在重试……

## Sidebar
sidebar-close = 收起房间列表
sidebar-yours = 我的房间
sidebar-none = 在下方加入一个房间，或新建一个。
sidebar-others = 可加入的房间
sidebar-unread = { $count } 条未读
sidebar-statistics = 统计
sidebar-segment = 我的分组
sidebar-theme-system = 配色：跟随系统
sidebar-theme-light = 配色：浅色
sidebar-theme-dark = 配色：深色
sidebar-sign-out = 退出登录

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
composer-pictures = 待发送的图片

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
members-leave-title = 退出“{ $room }”？
members-leave-private = 你将看不到这里的内容，只有成员才能再把你加进来。
members-leave-public = 你仍可以浏览，也可以随时重新加入。
members-add-title = 添加成员到“{ $room }”

## Message
message-edited = 已编辑
message-edited-at = 编辑于 { $time }
message-deleted = { $name } 的一条消息已被删除。
message-failed = 未能发送。{ $reason }
message-waiting = 等待发送

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

## Timeline
timeline = “{ $room }”中的消息
timeline-new = 新消息
timeline-new-count = { $count } 条新消息
timeline-latest = 最新消息

## App
app-away = 连接已断开，正在自动恢复……

## Avatar
bot = 机器人

## Room settings
room-settings = 房间设置
room-settings-muted = 房间设置（已静音）
room-settings-about = 房间简介
room-settings-topic = 主题
room-settings-save = 保存
room-settings-saved = 已保存，房间里的人都能看到。
room-settings-hearing = 哪些消息通知我
room-settings-notify-all = 所有消息
room-settings-notify-mentions = 提到我的
room-settings-notify-nothing = 都不通知
room-settings-mute = 静音此房间
room-settings-mute-hint = 不再通知，页面标题和图标上也不计数；对你的所有设备生效。

## People
people-picker-hint = 名字或其中一部分
people-picker-found = 找到的人
people-picker-nobody = 没有其他人叫这个名字。
new-direct = 新私信
new-direct-hint = 选择一到七个人，只有你和他们能看到内容。
new-direct-write = 开始聊天
new-direct-add-hint = 他们能看到这里说过的所有内容，也能再添加别人。
person-creator = 创建者
person-you = 这就是你。
person-write = 发私信
person-remove = 移出房间
person-remove-title = 将{ $name }移出“{ $room }”？
person-remove-private = 之后只有成员才能再把对方加回来。
person-remove-public = 对方可以随时再加入。
person-remove-yes = 移出
## Api
api-cancelled = 上传已取消。
api-offline = 连不上服务器。请检查网络后重试。
api-internal = 服务器返回了 { $status }。请稍后重试。

## Wire
wire-away = 尚未连接。
wire-silent = 服务器没有响应。

## Rooms
rooms-not-found = 这个房间不存在，或者你无权查看。

## Attachments
attachments-kind = “{ $name }”不是图片。请选择 JPEG、PNG、WebP、GIF、HEIC 或 AVIF 文件。
attachments-large = “{ $name }”有 { $size } MB，图片最大 20 MB。

## Chart
chart = { $label }。点“表格”可查看数值。

## Code
code-copy = 复制
code-copy-this = 复制代码
code-copied = 代码已复制。

## Completion
completion = 建议

## Editor
editor = 编辑消息

## Labels
labels = 机器人看到的
labels-label = { $label }：{ $share }
labels-taught = { $label }：{ $share }，在本房间教过

## Lightbox
lightbox-earlier = 上一张
lightbox-later = 下一张
lightbox-place = 第 { $at } 张，共 { $all } 张，{ $time }
lightbox-fit = 适应窗口
lightbox-full = 原始大小
lightbox-alone = 单独打开

## Picture
picture-open = { $name } 的图片：放大查看
picture-upload = 上传进度
picture-cancel = 取消上传

## Quote
quote-gone = 一条已不在此处的消息
quote-deleted = 一条已删除的消息
quote-go = 跳到这条消息

## Reactions
reactions-somebody = 某人

## New room
new-room-example = 摄影
new-room-topic = 主题
new-room-about = 这里聊什么？
new-room-who = 谁可以进来？
new-room-public = 所有人
new-room-public-about = 人人可读，加入后可发言。
new-room-private = 只有我添加的人
new-room-private-about = 其他人看不到这个房间的存在。
new-room-make = 新建

## Search
search-words = 要搜索的内容
search-hint = 输入词语或其中一部分
search-nothing = 在你能看到的消息里没有找到“{ $words }”。
search-where = { $name }，于“{ $room }”

## Switcher
switcher = 前往房间
switcher-name = 房间名称
switcher-hint = 输入房间名称或其中一部分
switcher-nothing = 没有叫这个名字的房间。
switcher-other = 未加入

## Picker
picker = 表情
picker-often = 常用
picker-find = 查找表情
picker-nothing = 没有找到这样的表情。

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

## Teach
teach = 这些图片里是什么？
teach-place = 第 { $at } 张，共 { $all } 张
teach-else = 其他
teach-skip = 跳过
teach-none = 这里没有机器人想请教的图片。
teach-thanks = 谢谢。机器人会先学习这 { $count } 张图片，再去看下一张。
teach-nothing = 没有任何改动。

## Verdict
verdict = 说对了吗？
verdict-yes = 对
verdict-no = 不对
verdict-then = 其实是
verdict-tell = 告诉它
verdict-change = 更改
verdict-said = 你说是：{ $label }。
verdict-said-right = 你说它说对了。
verdict-said-wrong = 你说它说错了。
