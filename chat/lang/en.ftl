# What the chat itself says to a person. Ids stand in the same order in every file of this folder.

## Why somebody is in their segment
reason-texts = { $times ->
    [one] You wrote { $times } plain message in the last { $days } days; the median is { $median }.
   *[other] You wrote { $times } plain messages in the last { $days } days; the median is { $median }.
}
reason-pictures = { $times ->
    [one] You posted { $times } picture in the last { $days } days; the median is { $median }.
   *[other] You posted { $times } pictures in the last { $days } days; the median is { $median }.
}
reason-replies = { $times ->
    [one] You replied { $times } time in the last { $days } days; the median is { $median }.
   *[other] You replied { $times } times in the last { $days } days; the median is { $median }.
}
reason-reactions = { $times ->
    [one] You reacted { $times } time in the last { $days } days; the median is { $median }.
   *[other] You reacted { $times } times in the last { $days } days; the median is { $median }.
}
reason-hours = { $times ->
    [one] You were active { $times } time between { $from } and { $to } h UTC; the median is { $median }.
   *[other] You were active { $times } times between { $from } and { $to } h UTC; the median is { $median }.
}
reason-room = { $times ->
    [one] You were active { $times } time in { $room }; the median is { $median }.
   *[other] You were active { $times } times in { $room }; the median is { $median }.
}
reason-private = { $times ->
    [one] You were active { $times } time in private rooms; the median is { $median }.
   *[other] You were active { $times } times in private rooms; the median is { $median }.
}
reason-most = Most people like you are active in { $room } ({ $share } %).
reason-together = What you do, taken together, is most like what the people of this segment do.

## Why a word can be no label
label-malformed = A label is up to 60 letters, digits, blanks and a few signs, and begins with a letter or a digit.
label-personal = I do not learn to tell people, or what they are, by their looks.
