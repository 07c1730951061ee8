# 聊天程序自己对人说的话。条目的名称和顺序与 en.ftl 相同。

## Why somebody is in their segment
reason-texts = 最近 { $days } 天你发了 { $times } 条普通消息，中位数是 { $median }。
reason-pictures = 最近 { $days } 天你发了 { $times } 张图片，中位数是 { $median }。
reason-replies = 最近 { $days } 天你回复了 { $times } 次，中位数是 { $median }。
reason-reactions = 最近 { $days } 天你回应了 { $times } 次，中位数是 { $median }。
reason-hours = 你在 { $from } 点到 { $to } 点（UTC）活跃了 { $times } 次，中位数是 { $median }。
reason-room = 你在“{ $room }”活跃了 { $times } 次，中位数是 { $median }。
reason-private = 你在私密房间里活跃了 { $times } 次，中位数是 { $median }。
reason-most = 和你相似的人大多活跃在“{ $room }”（{ $share }%）。
reason-together = 总的来看，你的活动与这个分组的人最相似。

## Why a word can be no label
label-malformed = 标签最多 60 个字符，可用文字、数字、空格和少数符号，并以文字或数字开头。
label-personal = 我不学习凭长相辨认人，也不学习凭长相判断人的属性。
