# What the bots say. Ids stand in the same order in every file; what a bot's docstring says is not repeated here.

## All
apology = Sorry, I tried three times and could not answer this.

## In a new chat's first room
introduction-help = Hello, I am **help**. Type `/help` to see who can do what here, or `/help vision` for one of us.
introduction-vision = Hello, I am **vision**. Drop a picture into any room, and I say what is in it. Reply `@vision why` to my answer, and I show where I looked.

## Help
help-who = Here is who can help:
help-unknown = There is no bot called `{ $name }`. There are: { $names }.

## Vision
vision-apology = Sorry, I tried three times and could not look at this picture.
vision-usage = Post a picture, or reply to one with `@vision`, and I say what is in it; `/help vision` has more.
vision-unteachable = The model that I use here cannot be taught: it has no background to tell new things from.
vision-unreadable = I cannot look at this picture: { $reason }.
vision-looks = That looks like { $label }.
vision-also = It could also be { $label }.
vision-unsure = I am not sure. It might be { $labels }.
vision-label = { $article }{ $name } ({ $share })
vision-share = { $percent } %
vision-little = under 1 %
vision-comma = { ", " }
vision-or = { " or " }
vision-space = { " " }
vision-of-room = This room taught me that.
vision-no-label = I have no label "{ $name }". For this picture I thought of { $labels }.
vision-why = Where it is yellow, I found the **{ $name }** ({ $share }).
vision-first = Noted: **{ $name }**, picture { $count } of the { $least } from which I can learn. Show me { $more } more.
vision-learnt = I have learnt **{ $name }** from { $count } pictures.
vision-kept = Noted: { $count } pictures of **{ $name }**. With this one I would not name pictures better that I have not seen, so I keep to { $version }.
vision-about = Of pictures that I had not learnt from, I name { $share } rightly. This is { $version }; `@vision rollback` takes it back.
vision-version = version { $number }
vision-before = what I knew before
vision-learnt-this = I have learnt from it.
vision-right = Thank you. I have noted that I was right.
vision-is = Thank you. I have noted that this is **{ $name }**.
vision-wrong = Thank you. I have noted that I was wrong; `@vision it is …` tells me what it is.
vision-untaught = This room has taught me nothing yet.
vision-taken-back = I have taken back version { $taken } and am at { $left } again. The pictures that you showed me since do not count any more.
vision-before-room = what I knew before this room taught me

## Concierge
concierge-unknown = You are in no segment: too little is known of what you do, or there are none yet.
concierge-elsewhere = That is between you and me: the list of rooms has “Rooms that suit you”.
concierge-segment = You are in the segment **{ $segment }**.
concierge-later = All right. I shall not ask again before next week.
concierge-never = I shall offer you nothing again, unless you say `@concierge accept`.
concierge-leave = You are in no segment any more, and what was counted of you is deleted. `@concierge accept` brings you back.
concierge-accepted = You are in **{ $room }** now.
concierge-nothing = There is nothing to accept now.
concierge-again = I count what you do again, from now on.
concierge-joined = You are in **{ $room }** now: the people of your segment, **{ $segment }**, meet there.
concierge-may-leave = You may leave it whenever you like.
concierge-offer = **{ $room }** may suit you: the people of your segment, **{ $segment }**, meet there.
concierge-choices = Say `@concierge accept`, `@concierge not now` or `@concierge never`.
concierge-why = Why I think so:
concierge-slow = This takes longer. The page with the statistics shows the outcome.
concierge-superseded = Another fit came first. Please ask again.
concierge-applied = There are { $segments } segments of { $people } people (silhouette { $silhouette }); { $moved } % of them moved.
concierge-proposed = There would be { $segments } segments of { $people } people (silhouette { $silhouette }); { $moved } % of them would move.
concierge-one = **{ $segment }**: { $people } people, before { $before }
concierge-few = few
concierge-how-now = `@concierge fit now` makes it so.
refused-forbidden = { $detail }
refused-too_little_data = { $detail }
refused-bots_offline = { $detail }
refused-superseded = { $detail }
