# 机器人说的话。条目的名称和顺序与 en.ftl 相同；about-… 是各机器人的说明，英文在其源文件的文档字符串里。

## All
apology = 抱歉，我试了三次，还是没能回答。

## In a new chat's first room
introduction-help = 你好，我是 **help**。输入 `/help` 查看这里的机器人能做什么，输入 `/help vision` 了解其中一个。
introduction-vision = 你好，我是 **vision**。把图片发到任意房间，我会说出图里有什么；回复 `@vision why`，我会指出我看的是哪里。

## Help
help-who = 这些机器人可以帮忙：
help-unknown = 没有叫 `{ $name }` 的机器人。现有的有：{ $names }。

## Vision
vision-apology = 抱歉，我试了三次，还是没能看这张图片。
vision-usage = 发一张图片，或用 `@vision` 回复一张图片，我就说说上面是什么；更多用法见 `/help vision`。
vision-unteachable = 我在这里使用的模型不能教：它没有背景数据，无法分辨新事物。
vision-unreadable = 我看不了这张图片：文件读不出来。
vision-looks = 这看起来像 { $label }。
vision-also = 也可能是 { $label }。
vision-unsure = 我不太确定，可能是 { $labels }。
vision-label = { $name }（{ $share }）
vision-share = { $percent }%
vision-little = 不到 1%
vision-comma = 、
vision-or = { " 或 " }
vision-space = { "" }
vision-of-room = 这是本房间教我的。
vision-no-label = 我没有“{ $name }”这个标签。对这张图片，我想到的是 { $labels }。
vision-why = 黄色的地方就是我看到 **{ $name }** 的位置（{ $share }）。
vision-first = 记下了：**{ $name }**，第 { $count } 张，要有 { $least } 张我才能学会。请再给我看 { $more } 张。
vision-learnt = 我从 { $count } 张图片里学会了 **{ $name }**。
vision-kept = 记下了：共 { $count } 张 **{ $name }**。加上这一张，我认没见过的图片并不会更准，所以仍用{ $version }。
vision-about = 对没有学过的图片，我能认对 { $share }。现在是{ $version }；`@vision 撤销` 可以退回。
vision-version = 第 { $number } 版
vision-before = 之前所知
vision-learnt-this = 我已从中学习。
vision-right = 谢谢，我记下了：我说对了。
vision-is = 谢谢，我记下了：这是 **{ $name }**。
vision-wrong = 谢谢，我记下了：我说错了。用 `@vision 是……` 告诉我它是什么。
vision-untaught = 这个房间还没有教过我什么。
vision-taken-back = 我退回了第 { $taken } 版，现在回到{ $left }。在那之后给我看的图片不再算数。
vision-before-room = 本房间教我之前的状态

## Concierge
concierge-unknown = 你不在任何分组中：对你的活动了解太少，或者还没有分组。
concierge-elsewhere = 这是你我之间的事：请看房间列表里的“适合你的房间”。
concierge-segment = 你在分组 **{ $segment }** 中。
concierge-later = 好的，一周内不再问你。
concierge-never = 以后不再向你推荐，除非你说 `@concierge 接受`。
concierge-leave = 你已不在任何分组中，关于你的计数也已删除。说 `@concierge 接受` 可以回来。
concierge-accepted = 你已加入 **{ $room }**。
concierge-nothing = 现在没有可以接受的推荐。
concierge-again = 从现在起，我重新统计你的活动。
concierge-joined = 你已加入 **{ $room }**：你所在分组 **{ $segment }** 的人常在那里。
concierge-may-leave = 你可以随时退出。
concierge-offer = **{ $room }** 可能适合你：你所在分组 **{ $segment }** 的人常在那里。
concierge-choices = 请说 `@concierge 接受`、`@concierge 暂不` 或 `@concierge 永不`。
concierge-why = 理由如下：
concierge-slow = 这需要更久，结果会显示在统计页面上。
concierge-superseded = 另一次分组抢先完成了，请再问一次。
concierge-applied = 现在 { $people } 人分为 { $segments } 组（轮廓系数 { $silhouette }），其中 { $moved }% 的人换了组。
concierge-proposed = { $people } 人将分为 { $segments } 组（轮廓系数 { $silhouette }），其中 { $moved }% 的人会换组。
concierge-one = **{ $segment }**：{ $people } 人，之前 { $before }
concierge-few = 很少
concierge-how-now = 说 `@concierge 分组 应用` 即可应用。
refused-forbidden = 只有管理员可以要求分组。
refused-too_little_data = 数据还太少，无法分组。
refused-bots_offline = 没有进程在运行 concierge。
refused-superseded = 另一次分组抢先完成了，请再问一次。

## What the docstrings say
about-concierge = **concierge**：为你推荐适合你的房间。
    - `@concierge`：在你与它的私密房间里，说说它对你的了解
    - `@concierge 接受`：加入它推荐的房间
    - `@concierge 暂不`：至少一周后再问
    - `@concierge 永不`：不再向你推荐
    - `@concierge 退出`：不参加分组，并删除关于你的计数
    - `@concierge 分组`：仅限管理员：看看重新分组会有什么变化，`分组 4` 表示分四组
    - `@concierge 分组 应用`：仅限管理员：重新分组
about-help = **help**：列出机器人和它们会做的事。
    - `/help`：列出机器人和它们的命令
    - `/help 名字`：介绍其中一个
about-vision = **vision**：说说图片里是什么。
    - 一张图片：说说上面是什么
    - `@vision`：回复一张图片：再看一次
    - `@vision 为什么`：回复：指出它在图片的哪里看到了最可能的标签
    - `@vision 为什么 X`：同上，针对标签 X
    - `@vision 对`：回复：它说对了
    - `@vision 不对，是 X`：回复：这是 X
    - `@vision 教 X`：附上图片或回复图片：这是 X；看过三张后，它在这个房间就认识 X 了
    - `@vision 撤销`：退回它在这个房间最近学到的
