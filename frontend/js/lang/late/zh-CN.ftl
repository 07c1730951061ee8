# Words of what the page loads when it is wanted first; those of the first sight stand in the folder above.

## Everywhere
add = 添加
name = 名称
remove-named = 移除 { $name }
done = 完成
save = 保存
found = 找到 { $count } 个
comma = 、
optional = （可选）
join-room = 加入“{ $room }”
pictures = 图片
people = 人数
replies = 回复
reactions = 回应
segment = 分组
segments = 分组
not-now = 暂不
never = 永不
few-together = 不足五人的分组合并显示。
others = 其他
revoke = 撤销

## Composer
composer-pictures = 待发送的图片

## Attachments
attachments-no-picture = “{ $name }”不是图片。请选择 JPEG、PNG、WebP、GIF、HEIC 或 AVIF 文件。
attachments-too-large = “{ $name }”大小为 { $size }，图片不能超过 { $most }。

## Chips
chips-preparing = 正在处理 { $count } 张图片……
chips-original = 原图，{ $size }
chips-edit = 裁剪或旋转 { $name }

## Crop
crop-title = 裁剪与旋转
crop-hint = 拖动四角，或用方向键移动；按住 Shift 移动得更快。
crop-left = 向左旋转
crop-right = 向右旋转
crop-reset = 还原
crop-done = 完成
crop-part = 保留的部分
crop-top-left = 左上角
crop-top-right = 右上角
crop-bottom-left = 左下角
crop-bottom-right = 右下角

## Members
members-leave-title = 退出“{ $room }”？
members-leave-private = 你将看不到这里的内容，只有成员才能再把你加进来。
members-leave-public = 你仍可以浏览，也可以随时重新加入。
members-add-title = 添加成员到“{ $room }”

## Room settings
room-settings-about = 房间简介
room-settings-topic = 主题
room-settings-blur = 模糊显示含有以下内容的图片
room-settings-blur-hint = 每行一个标签，与 vision 机器人所说的一致。这类图片点击后才会清晰显示。
room-settings-save = 保存
room-settings-saved = 已保存，房间里的人都能看到。
room-settings-link = 生成链接
room-settings-link-hint = 拿到链接的人一周内都能加入；生成新链接后，旧链接失效。
room-settings-link-address = 加入此房间的链接
room-settings-link-copied = 链接已复制到剪贴板。
room-settings-hearing = 哪些消息通知我
room-settings-notify-all = 所有消息
room-settings-notify-mentions = 提到我的
room-settings-notify-nothing = 都不通知
room-settings-mute = 静音此房间
room-settings-mute-hint = 不再通知，页面标题和图标上也不计数；对你的所有设备生效。
room-settings-leave-direct = 你将看不到他们写的内容；再给同样的人发私信即可回来。

## People
people-picker-hint = 名字或其中一部分
people-picker-found = 找到的人
people-picker-nobody = 没有其他人叫这个名字。
new-direct-hint = 选择一到七个人，只有你和他们能看到内容。
new-direct-write = 开始聊天
new-direct-add-hint = 他们能看到这里说过的所有内容，也能再添加别人。
person-you = 这就是你。
person-write = 发私信
person-remove = 移出房间
person-remove-title = 将{ $name }移出“{ $room }”？
person-remove-private = 之后只有成员才能再把对方加回来。
person-remove-public = 对方可以随时再加入。
person-remove-yes = 移出

## Editor
editor = 编辑消息

## Lightbox
lightbox-earlier = 上一张
lightbox-later = 下一张
lightbox-place = 第 { $at } 张，共 { $all } 张，{ $time }
lightbox-fit = 适应窗口
lightbox-closer = 放大看
lightbox-alone = 单独打开

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

## Switcher
switcher = 前往房间
switcher-name = 房间名称
switcher-hint = 输入房间名称或其中一部分
switcher-nothing = 没有叫这个名字的房间。请试试名称的一部分。
switcher-other = 未加入

## Picker
picker = 表情
picker-often = 常用
picker-find = 查找表情
picker-nothing = 没有叫这个名字的表情。请换个词试试。

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

## Figure
figure-chart = 图表
figure-table = 表格
figure-table-of = { $title }，表格
figure-csv = CSV

## Heat
heat-often = { $name }：次数
heat-sort = 按“{ $name }”排序
heat-times = 共 { $count } 次

## Fit
fit = 重新分组
fit-waits = 有一次分组待确认
fit-waits-about = 上次定时分组会让 { $share } 的人换组，因此在等你确认。
fit-apply-it = 应用
fit-apply = 应用
fit-auto = 自动决定
fit-busy = 正在计算……
fit-try = 试算
fit-trial = 将有 { $share } 的人换组；轮廓系数 { $silhouette }。
fit-difference = 将有哪些变化
fit-before = 之前
fit-few = 很少
fit-flow = { $people } 人从“{ $from }”到“{ $to }”
fit-none = 无分组
fit-earlier = 以前的分组
fit-long = 这次分组耗时很久，请稍后再看。

## Statistics
stats-headline = { $people } 人，分为 { $segments } 组 · 分组于 { $fitted }
stats-counted = 统计于 { $time }
stats-no-worker = 没有进程在运行 concierge，数据不再更新。
stats-rooms = 各分组在各房间
stats-rooms-about = { $days } 天里房间中的活动：每个分组平均一人所占的比例。每行合计 100%。
stats-hours = 各分组的活跃时段
stats-hour = 小时（UTC）
stats-hours-about = 每个分组平均一人在何时活跃。每行合计 100%。
stats-sizes = 人数变化
stats-sizes-about = 历次分组中各组的人数。
stats-sizes-label = 历次分组中各组的人数
stats-fitted = 分组时间
stats-k = k
stats-moved = 换组比例
stats-silhouette = 轮廓系数
stats-silhouette-about = 人们离自己的组比离邻近的组近多少：1 表示分得很开，0 表示混在一起。
stats-silhouette-label = 历次分组的轮廓系数
stats-flows = 流动
stats-flows-about = 多少人从哪个组去了哪个组。不足五人的合并显示。
stats-from = 从
stats-to = 到
stats-nobody = 还没有人换组。
stats-offers = 推荐
stats-offers-about = 各组的房间被推荐了多少次，人们如何选择。
stats-offers-made = 已推荐
stats-offers-accepted = 接受
stats-offers-later = 暂不
stats-offers-never = 永不
stats-offers-open = 待定
stats-offers-joined = 按规则加入
stats-size = { $people } 人 · { $share }
stats-name = 分组名称
stats-more = 更多{ $name }
stats-above = +{ $above } 标准差
stats-room = 对应的房间
stats-no-room = 无
stats-auto = 组员自动加入

## Room statistics
room-stats = “{ $room }”的统计
room-stats-active = 活跃人数
room-stats-about = 最近 { $days } 天。不足五人的分组合并显示。
room-stats-segments = 按分组
room-stats-segments-about = 谁在这里活跃。
room-stats-days-title = 按天
room-stats-utc = 日期按 UTC 计。
room-stats-day = 日期
room-stats-days-label = 每天的消息、图片和活跃人数
room-stats-activity = 各分组每天
room-stats-activity-about = 各分组的消息数。日期按 UTC 计。
room-stats-activity-label = 各分组每天的消息数
room-stats-hours = 按小时
room-stats-hours-about = 一天中的小时，按 UTC 计。
room-stats-hour = 小时

## My segment
my-segment-said-later = 好的，一周内不再提。
my-segment-said-never = 好的，以后不再向你推荐。
my-segment-said-leave = 不会再向你推荐房间，关于你的计数也已删除。
my-segment-join = 加入“{ $room }”吗？
my-segment-is = 你的活动与“{ $segment }”的人最相似。
my-segment-room = 他们的房间是{ $room }。
my-segment-no-room = 他们还没有自己的房间。
my-segment-none = 目前没有可推荐的房间：对你的活动了解太少，或者你选择了不参加。
my-segment-counted = 这里只按房间和时段统计你发言、发图、回复和回应的次数，从不看你写了什么。本页只有你能看到。
my-segment-leave-about = 你将不会再收到房间推荐，关于你的计数将被永久删除。
my-segment-leave = 退出并删除
my-segment-no-part = 不参加
my-segment-part = 参加
my-segment-join-its = 加入对应的房间

## Moderation
moderation-about = 成员的举报、生效中的处罚，以及管理记录。
moderation-reports = 举报
moderation-which = 显示哪些举报
moderation-open = 待处理
moderation-agreed = 已认可
moderation-disagreed = 未认可
moderation-nothing = 没有待处理的举报。成员可用消息旁的旗标举报。
moderation-none = 还没有这样处理过的举报。
moderation-in-force = 生效中与申诉
moderation-nobody = 没有人被禁言或封禁，也没有待处理的申诉。
moderation-log = 记录
moderation-log-about = 最近一百条操作，任何人都无法修改或删除。
moderation-log-all = 下载全部（CSV）
moderation-log-nothing = 还没有任何操作。
moderation-log-when = 时间
moderation-log-who = 操作人
moderation-log-did = 操作
moderation-log-whom = 对象
moderation-log-where = 房间
moderation-log-detail = 详情
moderation-act-kick = 移出房间
moderation-act-mute = 禁言
moderation-act-ban = 封禁
moderation-act-lift = 解除处罚
moderation-act-appeal = 申诉
moderation-act-decide_appeal = 处理申诉
moderation-act-delete_message = 删除消息
moderation-act-forget_history = 清除消息的旧版本
moderation-act-pin = 置顶消息
moderation-act-unpin = 取消置顶
moderation-act-change_room = 修改房间
moderation-act-appoint = 任命为房间版主
moderation-act-dismiss = 撤销房间版主
moderation-act-take_report = 接手或放下举报
moderation-act-decide_report = 处理举报
moderation-act-hold_picture = 将图片送审
moderation-act-release_picture = 允许显示图片
moderation-act-refuse_picture = 拒绝了图片
moderation-act-end_sessions = 强制退出登录

## Report
report-title = 举报 { $name } 的消息
report-why = 有什么问题？
report-hint = 这个房间的版主会看到内容，也会知道是你举报的。
report-send = 举报
report-sent = 谢谢，版主会来查看。
report-of = 对 { $name } 的举报
report-somebody = 某人
report-by = { $name } 说：{ $reason }
report-private = 消息在你未加入的私密房间里。
report-deleted = 消息已被删除。
report-before = 此前：{ $reports } 次举报被认可，{ $sanctions } 次处罚。
report-mine = 由你负责。
report-theirs = 由 { $name } 负责。
report-show = 在房间中查看
report-take = 由我负责
report-give-up = 放下
report-delete = 删除消息
report-agree = 认可
report-disagree = 不认可
report-decided = 由 { $name } 处理。

## Sanction
sanction-ask = 管理…
sanction-title = 管理 { $name }
sanction-where = 范围
sanction-everywhere = 所有房间
sanction-what = 措施
sanction-kick = 移出
sanction-kick-about = 移出房间，之后可以再加入。
sanction-mute = 禁言
sanction-mute-about = 可以阅读，不能发言。
sanction-ban = 封禁
sanction-ban-about = 既不能阅读，也不能发言。
sanction-how-long = 时长
sanction-minutes = { $count } 分钟
sanction-hours = { $count } 小时
sanction-days = { $count } 天
sanction-for-good = 永久
sanction-until = 至 { $time }
sanction-lifted = 已解除
sanction-why = 理由
sanction-why-hint = 对方会看到，并可申诉一次。
sanction-delete = 删除对方最近一小时在这里写的内容
sanction-others = 最近十分钟还有 { $count } 人在这里发言
sanction-others-all = 全选
sanction-wrote = { $count } 条消息
sanction-and-others = { $name } 和另外 { $count } 人
sanction-done-kick = 已移出 { $name }。
sanction-done-mute = 已将 { $name } 禁言。
sanction-done-ban = 已封禁 { $name }。
sanction-refuse = 图片被拒绝
sanction-appeal = 申诉：
sanction-accept-appeal = 接受申诉
sanction-uphold = 维持处罚
sanction-for-others = 这项申诉由其他版主处理。
sanction-lift = 解除
sanction-mine-kick = 你被移出了房间
sanction-mine-mute = 你被禁言了
sanction-mine-ban = 你被封禁了
sanction-mine-refuse = 本房间不接收此类图片，已将其删除
sanction-reason = 理由：{ $reason }
sanction-waits = 版主会答复你。
sanction-upheld = 版主维持了处罚。
sanction-not-upheld = 版主接受了你的申诉。
sanction-may-appeal = 可以申诉一次
sanction-say = 你有什么要说的？
sanction-send = 申诉
sanction-notices = 给你的通知
sanction-none = 没有版主限制过你。

## Rules
rules = 规则
rules-locked = 锁定房间
rules-locked-hint = 只有版主可以发言。
rules-slow = 慢速模式
rules-not-slow = 关闭
rules-every = 每 { $seconds } 秒一条消息
rules-words = 屏蔽词
rules-words-hint = 每行一个。含有屏蔽词的消息会被拒绝，只匹配完整的词。
rules-hold = 需审核的图片
rules-hold-hint = 每行一个标签，与 vision 机器人所说的一致。版主放行之前，只有发送者和版主能看到。
rules-refuse = 拒绝的图片
rules-refuse-hint = 含有这些内容的图片会被删除，并告知发送者原因。
rules-sure = 机器人至少有多大把握（%）
rules-sure-hint = 只要设了以上规则，每张图片在机器人检查之前都不会显示。
rules-pictures-save = 保存图片规则

## Pins
pins-title = { $room } 的置顶消息
pins-none = 这里还没有置顶内容。版主会把大家都该看到的消息置顶。
pins-none-moderator = 这里没有置顶消息。点消息旁的图钉即可置顶。
pins-unpin = 取消置顶

## Banned
banned-title = 版主封禁了你
banned-about = 你暂时不能在这里阅读或发言。下面是原因和截止时间，你也可以在此申诉。

## Account
account-signed-in = 已登录为 { $name }
account-part-password = 密码
account-part-sessions = 登录的设备
account-part-factor = 两步验证
account-part-tokens = 程序令牌
account-part-invitations = 邀请
account-part-resets = 重置链接
account-part-notices = 版主通知
account-part-leaving = 导出与注销
account-present-password = 当前密码

## Secret
secret-once = 只显示这一次。
secret-copy = 复制
secret-copied = 已复制

## Sign-ins
sign-ins-old = 当前密码
sign-ins-new = 新密码
sign-ins-change = 修改密码
sign-ins-password-changed = 密码已修改。
sign-ins-end-others = 在其他设备上退出登录
sign-ins-here = 当前浏览器 ·
sign-ins-seen = 最近使用：{ $time }
sign-ins-since = 登录于 { $time }
sign-ins-end = 退出
sign-ins-end-named = 在 { $name } 上退出登录
sign-ins-end-all = 在其他所有设备上退出登录
sign-ins-end-every = 在所有设备上退出登录
sign-ins-ask = 登录的设备…
sign-ins-of = { $name } 登录的设备
sign-ins-of-about = 强制他人退出登录会记入管理记录。程序令牌仍然有效；重置链接会使其一并失效。
sign-ins-none = 没有登录。
sign-ins-agent = { $name ->
    [Edg] Edge
    [OPR] Opera
    [CrOS] ChromeOS
   *[other] { $name }
}

## Tokens
tokens-hint = 程序可以凭令牌代表你操作。只给它需要的权限。
tokens-unused = 尚未使用
tokens-revoke-named = 撤销 { $name }
tokens-made = 新令牌
tokens-new = 新建令牌
tokens-make = 创建令牌
tokens-name = 用途
tokens-scope = 权限
tokens-scope-read = 只读
tokens-scope-write = 读写
tokens-scope-full = 与你相同

## Second factor
second-factor-on = 已开启：登录时需要输入应用中的验证码。剩余恢复码：{ $left } 个。
second-factor-off = 未开启。开启后，登录时除密码外还需要手机应用中的验证码。
second-factor-now-off = 两步验证已关闭。
second-factor-set-up = 设置
second-factor-confirm = 用验证码确认
second-factor-scan = 用验证器应用扫描二维码，然后输入它显示的验证码。
second-factor-qr = 供应用扫描的二维码
second-factor-by-hand = 或手动输入：
second-factor-switch-on = 开启
second-factor-codes = 恢复码：没有应用时，每个可登录一次
second-factor-renew = 生成新的恢复码
second-factor-switch-off = 关闭

## Leaving
leaving-export = 下载我的全部数据
leaving-export-hint = 一个 zip 文件，包含你的账号、消息和图片。
leaving-delete = 注销账号
leaving-warning = 此操作无法撤销。你的名字将被释放，所有设备都会退出登录。
leaving-messages = 你说过的话如何处理？
leaving-keep = 保留
leaving-keep-hint = 署名显示为“deleted account”（已注销账号）。
leaving-remove = 删除
leaving-remove-hint = 你的消息、图片和回应都会被删除。

## Admitting
admitting-uses = 还可供 { $count } 人使用
admitting-until = 有效期至 { $time }，由 { $name } 创建
admitting-revoke-named = 撤销有效期至 { $time } 的邀请
admitting-link = 发给受邀者的链接
admitting-invite = 创建邀请
admitting-people = 可供多少人使用？
admitting-days = 有效多少天？
admitting-reset = 创建重置链接
admitting-reset-link = 供 { $name } 设置新密码的链接，一天内有效
admitting-whose = 谁忘记了密码？
admitting-factor = 两步验证也丢失了

## Called
called-private = 私密房间
called-other-rooms = 其他房间
called-a-room = 某个房间
called-much = 各种活动都多
called-messages = 消息
called-pictures = 图片
called-replies = 回复
called-reactions = 回应
called-hours = { $from } 点到 { $to } 点（UTC）
called-hour = { $hour } 点

## Notifications
notifying = 此浏览器，适用于所有房间
notifying-shown = 显示通知
notifying-shown-hint = 页面不在眼前，或正打开另一个房间时。
notifying-allow = 允许通知
notifying-denied = 通知已被阻止，可在浏览器的网站设置中允许。
notifying-impossible = 此浏览器只为通过 https 打开的页面显示通知。
notifying-sound = 播放提示音

## Browse
browse-search = 搜索房间
browse-hint = 名称，或主题中的词
browse-count = { $count } 个房间
browse-none = 没有这样的房间，也没有相关话题。请试试名称的一部分，或点“我的房间”旁的加号新建一个。
browse-members = { $count } 位成员
browse-joined = 已加入
browse-join = 加入
browse-join-room = 加入“{ $room }”
browse-open = 打开
browse-open-room = 打开“{ $room }”
browse-more = 显示更多：还有 { $count } 个

## Search
search-words = 要搜索的文字
search-hint = 输入任意文字，不必完整
search-narrow = 缩小搜索范围
search-from = 发送者……
search-in = 房间……
search-has = 有图片
search-label = 图中有……
search-type-from = 来自:
search-type-in = 房间:
search-type-label = 标签:
search-suggestions = 建议
search-pictures = { $count } 张图片
search-unknown-from = 没有叫“{ $value }”的人。
search-unknown-in = 没有叫“{ $value }”的房间。
search-unknown-has = 只能填“图片”，不认识“{ $value }”。
search-unknown-label = 没有“{ $value }”这个标签。
search-empty = 输入任意文字，或选择发送者、房间、图中的内容。
search-busy = 正在搜索……
search-nothing = 在你能阅读的房间里没有找到。试试更短的词，或去掉一个条件。
search-found = { $count ->
    [0] 最近的消息里没有。
   *[other] 找到 { $count } 条消息
}
search-more = 显示更多
search-further = 继续往前找

## Versions
versions = 这条消息的历史版本
versions-now = 现在
versions-none = 没有保留之前的版本。
versions-forget = 抹去之前的版本
versions-forget-hint = 如果之前写了隐私内容：抹去后谁也看不到了。
versions-forgotten = 之前的版本已抹去。

## Tries
tries = 可以试一试
tries-hide = 隐藏
tries-hello = 打个招呼
tries-hello-text = 大家好！
tries-picture = 给机器人看一张猫的照片
tries-help = 问问机器人会做什么

## Chart
chart = { $label }。点“表格”可查看数值。
chart-time = 时间
