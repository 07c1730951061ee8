# Words of what the page loads when it is wanted first; those of the first sight stand in the folder above.

## Everywhere
add = Add
name = Name
remove-named = Remove { $name }
done = Done
save = Save
found = { $count } found
comma = { ", " }
optional = (optional)
join-room = Join { $room }
pictures = Pictures
people = People
replies = Replies
reactions = Reactions
segment = Segment
segments = Segments
not-now = Not now
never = Never
few-together = Groups of fewer than five people are shown together.
others = others
revoke = Revoke

## Composer
composer-pictures = Pictures to send

## Attachments
attachments-no-picture = “{ $name }” is not a picture. Choose a JPEG, PNG, WebP, GIF, HEIC or AVIF.
attachments-too-large = “{ $name }” has { $size }; pictures may have up to { $most }.

## Chips
chips-preparing = { $count ->
    [one] Preparing { $count } picture…
   *[other] Preparing { $count } pictures…
}
chips-original = Original, { $size }
chips-edit = Crop or turn { $name }

## Crop
crop-title = Crop and turn
crop-hint = Drag the corners, or move them with the arrow keys; with Shift they move faster.
crop-left = Turn left
crop-right = Turn right
crop-reset = Reset
crop-done = Done
crop-part = The part that stays
crop-top-left = Upper left corner
crop-top-right = Upper right corner
crop-bottom-left = Lower left corner
crop-bottom-right = Lower right corner

## Members
members-leave-title = Leave { $room }?
members-leave-private = You will not see what is said here any more, and only a member can bring you back.
members-leave-public = You can still read along, and join again at any time.
members-add-title = Add people to { $room }

## Room settings
room-settings-about = What it is about
room-settings-topic = Topic
room-settings-blur = Blur pictures of
room-settings-blur-hint = One label a line, as the vision bot says them. Such pictures are blurred until one clicks.
room-settings-save = Save
room-settings-saved = Saved. Everybody in the room sees it.
room-settings-link = Make a link
room-settings-link-hint = Whoever has the link can come in, for a week. A new one ends the one before.
room-settings-link-address = Link into this room
room-settings-link-copied = The link is in the clipboard.
room-settings-hearing = Notify me of
room-settings-notify-all = Everything
room-settings-notify-mentions = Mentions of me
room-settings-notify-nothing = Nothing
room-settings-mute = Mute this room
room-settings-mute-hint = No notification, and nothing on the page’s title and icon, on all your devices.
room-settings-leave-direct = You will not see what they write any more. Write to the same people to come back.

## People
people-picker-hint = A name, or a part of it
people-picker-found = People
people-picker-nobody = Nobody else is called so.
new-direct-hint = Choose one person, or up to seven. Only you and they can read it.
new-direct-write = Write
new-direct-add-hint = They see all that was said here, and can add others.
person-you = This is you.
person-write = Message
person-remove = Remove from the room
person-remove-title = Remove { $name } from { $room }?
person-remove-private = Only a member can bring them back.
person-remove-public = They can come back at any time.
person-remove-yes = Remove

## Editor
editor = Edit the message

## Lightbox
lightbox-earlier = Earlier picture
lightbox-later = Later picture
lightbox-place = { $at } of { $all }, { $time }
lightbox-fit = Fit into the window
lightbox-closer = Look closer
lightbox-alone = Open alone

## New room
new-room-example = Photography
new-room-topic = Topic
new-room-about = What is it about?
new-room-who = Who may come in?
new-room-public = Everybody
new-room-public-about = All can read along, and join to write.
new-room-private = Only those I add
new-room-private-about = Others do not see that the room exists.
new-room-make = Make the room

## Switcher
switcher = Go to a room
switcher-name = Name of the room
switcher-hint = A room, or a part of its name
switcher-nothing = No room is called so. Try a part of its name.
switcher-other = not joined

## Picker
picker = Emoji
picker-often = often used
picker-find = Find an emoji
picker-nothing = No emoji is called so. Try another word.

## Teach
teach = What is in these pictures?
teach-place = { $at } of { $all }
teach-else = Something else
teach-skip = Skip
teach-none = There is no picture here that the bot wants to ask about.
teach-thanks = { $count ->
    [one] Thank you. The bot learns from this picture before it looks at the next one.
   *[other] Thank you. The bot learns from these { $count } pictures before it looks at the next one.
}
teach-nothing = Nothing was changed.

## Verdict
verdict = Is that right?
verdict-yes = Yes
verdict-no = No
verdict-then = Then it is
verdict-tell = Tell
verdict-change = Change
verdict-said = You said: { $label }.
verdict-said-right = You said that this is right.
verdict-said-wrong = You said that this is wrong.

## Figure
figure-chart = As a chart
figure-table = As a table
figure-table-of = { $title }, table
figure-csv = CSV

## Heat
heat-often = { $name }: how often
heat-sort = Sort by { $name }
heat-times = { $count ->
    [one] { $count } time in all
   *[other] { $count } times in all
}

## Fit
fit = New fit
fit-waits = A fit waits
fit-waits-about = The last fit by schedule would move { $share } of the people, so it waits for you.
fit-apply-it = Apply it
fit-apply = Apply
fit-auto = as many as there are
fit-busy = Fitting…
fit-try = Try
fit-trial = { $share } of the people would move; silhouette { $silhouette }.
fit-difference = What would change
fit-before = Before
fit-few = few
fit-flow = { $people } from { $from } to { $to }
fit-none = no segment
fit-earlier = an earlier segment
fit-long = This fit takes very long. Look again later.

## Statistics
stats-headline = { $segments } segments of { $people } people · fitted { $fitted }
stats-counted = counted { $time }
stats-no-worker = No worker runs the concierge: the figures stand still.
stats-rooms = Rooms by segment
stats-rooms-about = Of what is done in a room in { $days } days: the share of one person of each segment. A row adds up to 100 %.
stats-hours = Hours by segment
stats-hour = Hour (UTC)
stats-hours-about = When one person of each segment is active. A row adds up to 100 %.
stats-sizes = Sizes over time
stats-sizes-about = People in each segment, from fit to fit.
stats-sizes-label = People in each segment from fit to fit
stats-fitted = Fitted
stats-k = k
stats-moved = Moved
stats-silhouette = Silhouette
stats-silhouette-about = How much nearer people are to their own segment than to the next: 1 is far apart, 0 is one crowd.
stats-silhouette-label = Silhouette from fit to fit
stats-flows = Flows
stats-flows-about = How many went from which segment to which. Fewer than five are shown together.
stats-from = From
stats-to = To
stats-nobody = Nobody has moved yet.
stats-offers = Offers
stats-offers-about = How often a segment's room was offered, and what people chose.
stats-offers-made = Made
stats-offers-accepted = Accepted
stats-offers-later = Not now
stats-offers-never = Never
stats-offers-open = Open
stats-offers-joined = Joined by rule
stats-size = { $count ->
    [one] { $people } person · { $share }
   *[other] { $people } people · { $share }
}
stats-name = Name of the segment
stats-more = more { $name }
stats-above = +{ $above } sd
stats-room = Its room
stats-no-room = none
stats-auto = Its people join by themselves

## Room statistics
room-stats = Statistics of { $room }
room-stats-active = Active people
room-stats-about = In the last { $days } days. Groups of fewer than five people are shown together.
room-stats-segments = By segment
room-stats-segments-about = Who is active here.
room-stats-days-title = By day
room-stats-utc = Days in UTC.
room-stats-day = Day
room-stats-days-label = Messages, pictures and active people by day
room-stats-activity = Segments by day
room-stats-activity-about = Messages of each segment. Days in UTC.
room-stats-activity-label = Messages of each segment by day
room-stats-hours = By hour
room-stats-hours-about = Hours of the day in UTC.
room-stats-hour = Hour

## My segment
my-segment-said-later = All right: not before next week.
my-segment-said-never = All right: nothing will be offered to you again.
my-segment-said-leave = No room will be suggested to you any more, and what was counted of you is deleted.
my-segment-join = Join { $room }?
my-segment-is = What you do is most like what the people of { $segment } do.
my-segment-room = They meet in { $room }.
my-segment-no-room = They have no room of their own yet.
my-segment-none = There is no room to suggest: too little is known of what you do, or you take no part.
my-segment-counted = It is counted how often you write, post, reply and react, by room and hour; never what you write. Only you see this page.
my-segment-leave-about = No room will be suggested to you, and what was counted of you is deleted for good.
my-segment-leave = Leave and delete
my-segment-no-part = Take no part
my-segment-part = Take part
my-segment-join-its = Join its room

## Moderation
moderation-about = What members reported, who is kept from what, and what was done.
moderation-reports = Reports
moderation-which = Which reports
moderation-open = Open
moderation-agreed = Agreed
moderation-disagreed = Not agreed
moderation-nothing = Nothing waits. Members report a message by the flag beside it.
moderation-none = No report was decided so yet.
moderation-in-force = In force, and appeals
moderation-nobody = Nobody is muted or banned, and no appeal waits.
moderation-log = Log
moderation-log-about = The last hundred acts. Nobody can change or delete one.
moderation-log-all = All of it, as CSV
moderation-log-nothing = Nothing has been done yet.
moderation-log-when = When
moderation-log-who = Who
moderation-log-did = Did
moderation-log-whom = Whom
moderation-log-where = Where
moderation-log-detail = Detail
moderation-act-kick = removed from the room
moderation-act-mute = muted
moderation-act-ban = banned
moderation-act-lift = lifted a sanction
moderation-act-appeal = appealed
moderation-act-decide_appeal = decided an appeal
moderation-act-delete_message = deleted a message
moderation-act-forget_history = had a message's earlier versions forgotten
moderation-act-pin = pinned a message
moderation-act-unpin = took a pin off
moderation-act-change_room = changed the room
moderation-act-appoint = made moderator of the room
moderation-act-dismiss = is no moderator of the room any more
moderation-act-take_report = took or gave up a report
moderation-act-decide_report = decided a report
moderation-act-hold_picture = held a picture for review
moderation-act-release_picture = let a picture be seen
moderation-act-refuse_picture = refused a picture
moderation-act-end_sessions = signed out

## Report
report-title = Report a message of { $name }
report-why = What is wrong with it?
report-hint = Whoever moderates this room reads it, and that it was you.
report-send = Report
report-sent = Thank you. A moderator will look at it.
report-of = Report of { $name }
report-somebody = somebody
report-by = { $name } says: { $reason }
report-private = The message is in a private room that you are not in.
report-deleted = The message has been deleted.
report-before = Before: { $reports } agreed { $reports ->
    [one] report
   *[other] reports
}, { $sanctions } { $sanctions ->
    [one] sanction
   *[other] sanctions
}.
report-mine = You look after it.
report-theirs = { $name } looks after it.
report-show = Show in the room
report-take = Look after it
report-give-up = Give it up
report-delete = Delete the message
report-agree = Agree
report-disagree = Disagree
report-decided = Decided by { $name }.

## Sanction
sanction-ask = Moderate…
sanction-title = Moderate { $name }
sanction-where = Where
sanction-everywhere = everywhere
sanction-what = What
sanction-kick = Remove
sanction-kick-about = From the room; they may come back.
sanction-mute = Mute
sanction-mute-about = They read, and write nothing.
sanction-ban = Ban
sanction-ban-about = They neither read nor write.
sanction-how-long = For how long
sanction-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
sanction-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
sanction-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
sanction-for-good = for good
sanction-until = until { $time }
sanction-lifted = lifted
sanction-why = Reason
sanction-why-hint = They read it, and may appeal once.
sanction-delete = Delete what they wrote here in the last hour
sanction-others = { $count ->
    [one] One other person wrote here in the last ten minutes
   *[other] { $count } others wrote here in the last ten minutes
}
sanction-others-all = Choose all
sanction-wrote = { $count ->
    [one] one message
   *[other] { $count } messages
}
sanction-and-others = { $name } and { $count } more
sanction-done-kick = { $name } is removed.
sanction-done-mute = { $name } is muted.
sanction-done-ban = { $name } is banned.
sanction-refuse = Picture refused
sanction-appeal = Appeal:
sanction-accept-appeal = Accept the appeal
sanction-uphold = Uphold
sanction-for-others = The appeal is for another moderator to decide.
sanction-lift = Lift
sanction-mine-kick = You were removed
sanction-mine-mute = You are muted
sanction-mine-ban = You are banned
sanction-mine-refuse = The room does not take such pictures; yours was removed
sanction-reason = The reason: { $reason }
sanction-waits = A moderator will answer.
sanction-upheld = A moderator has upheld it.
sanction-not-upheld = A moderator has accepted your appeal.
sanction-may-appeal = You can appeal once
sanction-say = What do you say to it?
sanction-send = Appeal
sanction-notices = Notices to you
sanction-none = No moderator has kept you from anything.

## Rules
rules = Rules
rules-locked = Lock the room
rules-locked-hint = Only those who moderate it write here.
rules-slow = Slow mode
rules-not-slow = Off
rules-every = One message every { $seconds } s
rules-words = Unwanted words
rules-words-hint = One a line. Messages that hold one of them are refused; only whole words count.
rules-hold = Hold pictures of
rules-hold-hint = One label a line, as the vision bot says them. Only the sender and moderators see them until a moderator lets them be seen.
rules-refuse = Refuse pictures of
rules-refuse-hint = They are removed, and the sender is told why.
rules-sure = How sure the bot must be, in per cent
rules-sure-hint = With such rules no picture is shown before a bot has looked at it.
rules-pictures-save = Save the rules for pictures

## Pins
pins-title = Pinned in { $room }
pins-none = Nothing is pinned here. The room’s moderators pin what everybody should find again.
pins-none-moderator = Nothing is pinned here. Pin a message by the pin beside it.
pins-unpin = Take the pin off

## Banned
banned-title = A moderator has banned you
banned-about = You cannot read or write here for now. Below stand the reason and the end, and what you can say to it.

## Account
account-signed-in = Signed in as { $name }
account-part-password = Password
account-part-sessions = Where you are signed in
account-part-factor = Second factor
account-part-tokens = Tokens for programs
account-part-invitations = Invitations
account-part-resets = Reset links
account-part-notices = Notices of moderators
account-part-leaving = Export and deletion
account-present-password = Present password

## Secret
secret-once = It is shown this once.
secret-copy = Copy
secret-copied = Copied

## Sign-ins
sign-ins-old = Present password
sign-ins-new = New password
sign-ins-change = Change the password
sign-ins-password-changed = The password is changed.
sign-ins-end-others = Sign out everywhere else
sign-ins-here = This browser ·
sign-ins-seen = last used { $time }
sign-ins-since = since { $time }
sign-ins-end = Sign out
sign-ins-end-named = Sign out { $name }
sign-ins-end-all = Sign out everywhere else
sign-ins-end-every = Sign out everywhere
sign-ins-ask = Sign-ins…
sign-ins-of = Where { $name } is signed in
sign-ins-of-about = Whoever signs out somebody stands in the log of acts. Tokens of programs stay; a reset link ends them too.
sign-ins-none = Nowhere.
sign-ins-agent = { $name ->
    [Edg] Edge
    [OPR] Opera
    [CrOS] ChromeOS
   *[other] { $name }
}

## Tokens
tokens-hint = A program acts for you with a token. Give it no more than it needs.
tokens-unused = not used yet
tokens-revoke-named = Revoke { $name }
tokens-made = The new token
tokens-new = New token
tokens-make = Make a token
tokens-name = What is it for?
tokens-scope = What may it do?
tokens-scope-read = Read
tokens-scope-write = Read and write
tokens-scope-full = All that you may

## Second factor
second-factor-on = It is on: a code of your app is wanted when you sign in. Recovery codes left: { $left }.
second-factor-off = It is off. With it, a code from an app on your phone is wanted beside the password.
second-factor-now-off = The second factor is off.
second-factor-set-up = Set it up
second-factor-confirm = Confirm it with a code
second-factor-scan = Scan this with an app for one-time codes, then enter the code that it shows.
second-factor-qr = QR code for the app
second-factor-by-hand = Or enter this by hand:
second-factor-switch-on = Switch it on
second-factor-codes = Recovery codes: each lets you in once without the app
second-factor-renew = New recovery codes
second-factor-switch-off = Switch it off

## Leaving
leaving-export = Download all that is mine
leaving-export-hint = A zip with your account, your messages and your pictures.
leaving-delete = Delete my account
leaving-warning = This cannot be undone. Your name becomes free, and you are signed out everywhere.
leaving-messages = What becomes of what you said?
leaving-keep = It stays
leaving-keep-hint = As said by “deleted account”.
leaving-remove = It goes
leaving-remove-hint = Your messages, pictures and reactions are deleted.

## Admitting
admitting-uses = { $count ->
    [one] Good for one person
   *[other] Good for { $count } people
}
admitting-until = until { $time }, made by { $name }
admitting-revoke-named = Revoke the invitation until { $time }
admitting-link = Link for those whom you invite
admitting-invite = Make an invitation
admitting-people = For how many people?
admitting-days = For how many days?
admitting-reset = Make a reset link
admitting-reset-link = Link for { $name } to choose a new password, good for a day
admitting-whose = Who has lost their password?
admitting-factor = They have lost their second factor, too

## Called
called-private = private rooms
called-other-rooms = other rooms
called-a-room = a room
called-much = much of everything
called-messages = messages
called-pictures = pictures
called-replies = replies
called-reactions = reactions
called-hours = { $from } to { $to } h UTC
called-hour = { $hour } h

## Notifications
notifying = In this browser, for all rooms
notifying-shown = Show notifications
notifying-shown-hint = When this page is not in view, or another room is open.
notifying-allow = Allow notifications
notifying-denied = Notifications are blocked. The browser’s settings for this page can allow them.
notifying-impossible = This browser shows notifications only for pages that come by https.
notifying-sound = Play a sound

## Browse
browse-search = Search rooms
browse-hint = A name, or a word of the topic
browse-count = { $count ->
    [one] { $count } room
   *[other] { $count } rooms
}
browse-none = No room is called so, and none is about it. Try a part of the name, or make the room by the plus beside “Your rooms”.
browse-members = { $count ->
    [one] { $count } member
   *[other] { $count } members
}
browse-joined = joined
browse-join = Join
browse-join-room = Join { $room }
browse-open = Open
browse-open-room = Open { $room }
browse-more = Show more: { $count } left

## Search
search-words = Words to search for
search-hint = A word, or a part of one
search-narrow = Narrow the search
search-from = From…
search-in = In room…
search-has = Has a picture
search-label = Picture of…
# What these buttons type. Both languages' words are understood in each.
search-type-from = from:
# What these buttons type. Both languages' words are understood in each.
search-type-in = in:
# What these buttons type. Both languages' words are understood in each.
search-type-label = label:
# What these buttons type. Both languages' words are understood in each.
search-suggestions = Suggestions
# What these buttons type. Both languages' words are understood in each.
search-pictures = { $count ->
    [one] 1 picture
   *[other] { $count } pictures
}
# What these buttons type. Both languages' words are understood in each.
search-unknown-from = Nobody is called “{ $value }”.
# What these buttons type. Both languages' words are understood in each.
search-unknown-in = No room is called “{ $value }”.
# What these buttons type. Both languages' words are understood in each.
search-unknown-has = A message has a picture or not; “{ $value }” is not known.
# What these buttons type. Both languages' words are understood in each.
search-unknown-label = “{ $value }” is no label.
# What these buttons type. Both languages' words are understood in each.
search-empty = Type any part of a word, or choose whose messages, which room, or what a picture shows.
# What these buttons type. Both languages' words are understood in each.
search-busy = Searching…
# What these buttons type. Both languages' words are understood in each.
search-nothing = Nothing found in the rooms that you may read. Try a shorter part of the word, or remove a filter.
# What these buttons type. Both languages' words are understood in each.
search-found = { $count ->
    [0] Nothing in the newest messages.
    [one] 1 message found
   *[other] { $count } messages found
}
# What these buttons type. Both languages' words are understood in each.
search-more = Show more
# What these buttons type. Both languages' words are understood in each.
search-further = Look further back

## Versions
versions = What this message said
versions-now = Now
versions-none = Nothing is kept of what it said before.
versions-forget = Forget earlier versions
versions-forget-hint = If something private stood there: nobody will be able to read it any more.
versions-forgotten = Earlier versions are forgotten.

## Tries
tries = Things to try
tries-hide = Hide these
tries-hello = Say hello
tries-hello-text = Hello, everybody!
tries-picture = Show a bot a picture of a cat
tries-help = Ask what the bots can do

## Chart
chart = { $label }. “As a table” shows its numbers.
chart-time = Time
