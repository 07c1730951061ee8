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

## Start
start-offline = 暂时连不上服务器，正在重试……

## Sidebar
sidebar-close = 收起房间列表
sidebar-search = 搜索消息
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
