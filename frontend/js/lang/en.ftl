# The page's words. An id begins with the name of the module that shows it (frontend/js, frontend/js/views), those of
# several modules with none; ids stand in the same order in every file. https://projectfluent.org/fluent/guide says how
# to write plurals. docs/decisions/page.md says how to add a text.

## Everywhere
cancel = Cancel
close = Close
language = Language
# Each language in its own words, in every file.
language-en = English
language-zh-CN = 简体中文
a-picture = a picture
add = Add
delete = Delete
leave = Leave
name = Name
remove-named = Remove { $name }
role-admin = admin
role-moderator = moderator
rooms = Rooms
new-room = New room
try-again = Try again
done = Done
save = Save
picture-by = Picture by { $name }
search-messages = Search messages
found = { $count } found
comma = { ", " }
optional = (optional)
join-room = Join { $room }
messages = Messages
pictures = Pictures
people = People
replies = Replies
reactions = Reactions
segment = Segment
segments = Segments
not-now = Not now
never = Never
few-together = Groups of fewer than five people are shown together.
statistics = Statistics
my-segment = My segment
others = others
account = Account
code = Code
revoke = Revoke
part-failed = This part of the page could not be loaded. Check your connection, then try again.

## Start
start-offline = The server cannot be reached. Trying again…

## Sidebar
sidebar-close = Close the list of rooms
sidebar-yours = Your rooms
sidebar-none = Join a room below, or make one.
sidebar-others = More to join
sidebar-unread = { $count } unread
sidebar-failed = Something was not sent
sidebar-theme-system = Colours: as the system
sidebar-theme-light = Colours: light
sidebar-theme-dark = Colours: dark
sidebar-sign-out = Sign out
sidebar-unsent-title = Sign out and lose what has not been sent?
sidebar-unsent =
    { $count ->
        [one] One message is still waiting for a connection. Signing out removes everything of yours from this browser.
       *[other] { $count } messages are still waiting for a connection. Signing out removes everything of yours from this browser.
    }

## Speech
speech-many = { $count } new messages. The last, { $last }

## Times
times-today = Today
times-yesterday = Yesterday

## Welcome
welcome-title = Rooms to talk in.
welcome-title-bots = Bots that look along.
welcome-rooms = Public rooms to read and join, private ones for your team.
welcome-pictures = Drop a picture, and a bot says what is in it.
welcome-lasts = What you have sent stays sent, even when the train enters a tunnel.
welcome-name = Name
welcome-password = Password
welcome-password-hint = At least 8 characters.
welcome-register-title = Make an account
welcome-register-button = Come in
welcome-register-other = Here before?
welcome-register-switch = Sign in
welcome-login-title = Welcome back
welcome-login-button = Sign in
welcome-login-other = New here?
welcome-login-switch = Make an account
welcome-reset-title = Choose a new password
welcome-reset-button = Set it
welcome-reset-done = Your password is set. Sign in with it.
welcome-provider = Sign in with { $name }
welcome-provider-failed = The sign-in did not work. Try again.
welcome-invited = Accounts are made by invitation here.
welcome-closed = Accounts are made by an admin here.

## Room
members = Members
room-drop = Drop to share in { $room }
room-teach = Teach the bot about pictures
room-statistics = Statistics of this room
room-members = Members: { $count }
room-writing = { $name } is writing
room-writing-two = { $first } and { $second } are writing
room-writing-many = Several people are writing
room-reading = You are reading { $room }.
room-join = Join to write here

## Composer
composer = Write
composer-placeholder = Message { $room }
composer-send = Send
composer-too-long = { $count ->
    [one] { $count } character too many
   *[other] { $count } characters too many
}
composer-attach = Attach pictures
composer-emoji = Insert an emoji
composer-replying = Reply to { $name }:
composer-no-reply = Do not reply
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

## Shelf
shelf-lost = The browser has not kept its picture.

## Blurred
blurred = Blurred in this room: { $label }
blurred-unseen = Covered until the bot has looked at it
blurred-show = Show
held-waiting = Being looked at: it is shown as soon as nothing speaks against it.
held-held = Held for review by a moderator.
held-waiting-seen = Being looked at: only its sender and moderators see it yet.
held-held-seen = Held for review: only its sender and moderators see it.

## Empty
empty-title = No rooms yet
empty-about = A room is a place to talk about one thing. Make the first one.
empty-welcome = Welcome to { $room }
empty-begins = This is where { $room } begins
empty-private = Only the people in this room see what is said here.
empty-public = Everybody here can read along and join.
empty-hello = Say hello: others see it at once.
empty-picture = Drop a picture anywhere: the vision bot says what it is.
empty-help = Type { $command } to see what the bots can do.

## Members
members-hide = Hide members
members-add = Add people
members-here = Here
members-away = Away
members-leave = Leave { $room }
members-leave-title = Leave { $room }?
members-leave-private = You will not see what is said here any more, and only a member can bring you back.
members-leave-public = You can still read along, and join again at any time.
members-add-title = Add people to { $room }

## Message
message-edited = edited
message-edited-at = Edited { $time }
message-edited-show = , show what it said before
message-deleted = A message by { $name } was deleted.
message-failed = Not sent. { $reason }
message-waiting = Waiting to be sent
message-held = Waits for the one above
message-trying = The server could not take it yet. Trying again …

## Actions
actions = Actions
actions-react-with = React: { $emoji }
actions-react = React
actions-reply = Reply
actions-edit = Edit
actions-unread = Mark as unread from here
actions-link = Copy the link to this message
actions-link-copied = The link is in the clipboard.
actions-delete-title = Delete this message?
actions-delete-text = Nobody will be able to read it any more.
actions-delete-picture = Its picture goes with it.
actions-pin = Pin for all
actions-pinned = Pinned. The pin at the top of the room shows it.
actions-report = Report to the moderators

## Timeline
timeline = Messages in { $room }
timeline-new = New
timeline-new-count = { $count } new
timeline-latest = Latest

## App
app-away = Connection lost. Coming back by itself…

## Avatar
bot = bot

## Room settings
room-settings = Settings of this room
room-settings-muted = Settings of this room (muted)
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
room-locked = This room is locked: only its moderators write here for now.
room-pins = Pinned messages

## People
people-picker-hint = A name, or a part of it
people-picker-found = People
people-picker-nobody = Nobody else is called so.
new-direct = New message
new-direct-hint = Choose one person, or up to seven. Only you and they can read it.
new-direct-write = Write
new-direct-add-hint = They see all that was said here, and can add others.
person-creator = creator
person-you = This is you.
person-write = Message
person-remove = Remove from the room
person-remove-title = Remove { $name } from { $room }?
person-remove-private = Only a member can bring them back.
person-remove-public = They can come back at any time.
person-remove-yes = Remove

## Api
api-cancelled = The upload was cancelled.
api-offline = The server cannot be reached. Check your connection, then try again.
api-internal = The server answered { $status }. Try again in a moment.

## Wire
wire-away = Not connected.
wire-silent = The server did not answer.

## Rooms
rooms-not-found = This room is not there, or it is not yours to see.

## Code
code-copy = Copy
code-copy-this = Copy the code
code-copied = The code is in the clipboard.

## Completion
completion = Suggestions

## Editor
editor = Edit the message

## Labels
labels = What the bot saw
labels-label = { $label }: { $share }
labels-taught = { $label }: { $share }, taught in this room

## Lightbox
lightbox-earlier = Earlier picture
lightbox-later = Later picture
lightbox-place = { $at } of { $all }, { $time }
lightbox-fit = Fit into the window
lightbox-closer = Look closer
lightbox-alone = Open alone

## Picture
picture-open = Picture by { $name }: show it large
picture-upload = Upload
picture-cancel = Cancel the upload

## Quote
quote-gone = A message that is not here any more
quote-deleted = A message that was deleted
quote-go = Go to this message

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
switcher-nothing = No room is called so.
switcher-other = not joined

## Picker
picker = Emoji
picker-often = often used
picker-find = Find an emoji
picker-nothing = No emoji is called so.

## Emoji
emoji-common = thumbs up|heart|laughing|party|surprised|sad|thanks|applause|fire|eyes|hundred|done|smiling|in love|thinking|cool|hands up|idea|rocket|coffee|cat|dog|sun|thumbs down

## Shortcuts
shortcuts = Keys
shortcuts-anywhere = Anywhere
shortcuts-room = Go to another room
shortcuts-list = Show this list
shortcuts-close = Close what is open
shortcuts-writing = Writing
shortcuts-line = Begin a new line
shortcuts-edit = Edit your last message, from an empty field
shortcuts-mention = Mention somebody
shortcuts-emoji = Find an emoji by its name
shortcuts-cancel = Do not reply, or do not edit

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
room = Room
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
my-segment-said-leave = You are in no segment any more, and what was counted of you is deleted.
my-segment-join = Join { $room }?
my-segment-is = What you do is most like what the people of { $segment } do.
my-segment-none = You are in no segment: too little is known of what you do, or you take no part.
my-segment-counted = It is counted how often you write, post, reply and react, by room and hour; never what you write. Only you see this page.
my-segment-leave-about = You will be in no segment, you will be offered nothing, and what was counted of you is deleted for good.
my-segment-leave = Leave and delete
my-segment-no-part = Take no part
my-segment-part = Take part
my-segment-join-its = Join its room

## Moderation
moderation = Moderation
moderation-about = What members reported, who is kept from what, and what was done.
moderation-reports = Reports
moderation-which = Which reports
moderation-open = Open
moderation-agreed = Agreed
moderation-disagreed = Not agreed
moderation-nothing = Nothing waits. Members report a message by the flag beside it.
moderation-none = There are none.
held-title = Pictures held for review
held-nothing = No picture waits.
held-label = { $label }, { $percent } % sure
held-unanswered = No bot has said what it shows.
held-release = Let it be seen
held-remove = Remove the picture
moderation-in-force = In force
moderation-nobody = Nobody is muted or banned.
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
sanction-done-kick = { $name } is removed.
sanction-done-mute = { $name } is muted.
sanction-done-ban = { $name } is banned.
sanction-refuse = Picture refused
sanction-appeal = Appeal:
sanction-accept-appeal = Accept the appeal
sanction-uphold = Uphold
sanction-lift = Lift
sanction-mine-kick = You were removed
sanction-mine-mute = You are muted
sanction-mine-ban = You are banned
sanction-mine-refuse = The room does not take such pictures; yours was removed
sanction-reason = The reason: { $reason }
sanction-waits = A moderator will answer.
sanction-upheld = A moderator has upheld it.
sanction-not-upheld = A moderator has accepted your appeal.
sanction-say = What do you say to it? You can appeal once.
sanction-send = Appeal
sanction-notices = Notices to you

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
pins-none = Nothing is pinned here.
pins-none-moderator = Nothing is pinned here. Pin a message by the pin beside it.
pins-unpin = Take the pin off

## Banned
banned-title = A moderator has banned you
banned-about = You cannot read or write here for now.
## Account
account-of = Account of { $name }
account-signed-in = Signed in as { $name }
account-part-password = Password
account-part-sessions = Where you are signed in
account-part-factor = Second factor
account-part-tokens = Tokens for programs
account-part-admitting = Invitations and resets
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

## Problems: the server's own words are English; other languages say it by its code
problem-bad_json = { $detail }
problem-bad_request = { $detail }
problem-unauthenticated = { $detail }
problem-bad_credentials = { $detail }
problem-csrf = { $detail }
problem-foreign_origin = { $detail }
problem-forbidden = { $detail }
problem-not_a_member = { $detail }
problem-not_found = { $detail }
problem-no_segments = { $detail }
problem-method_not_allowed = { $detail }
problem-username_taken = { $detail }
problem-too_little_data = { $detail }
problem-superseded = { $detail }
problem-too_large = { $detail }
problem-not_an_image = { $detail }
problem-unsupported_media_type = { $detail }
problem-invalid = { $detail }
problem-image_too_many_pixels = { $detail }
problem-too_many_requests = { $detail }
problem-unknown_event = { $detail }
problem-internal = { $detail }
problem-unavailable = { $detail }
problem-bots_offline = { $detail }
problem-banned = { $detail }
problem-muted = { $detail }
problem-room_locked = { $detail }
problem-already_appealed = { $detail }
problem-unwanted_word = { $detail }
problem-slow_mode = { $detail }
problem-second_factor_required = { $detail }
problem-bad_code = { $detail }
problem-wrong_password = { $detail }
problem-registration_closed = { $detail }
problem-last_admin = { $detail }
problem-bad_link = { $detail }
problem-invalid-password_length = { $detail }
problem-invalid-password_common = { $detail }
problem-invalid-password_personal = { $detail }
problem-invalid-username_malformed = { $detail }

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
sidebar-direct = Direct messages
sidebar-direct-none = Write to somebody.
sidebar-mentions = { $count ->
    [one] { $count } mention of you, { $unread } unread
   *[other] { $count } mentions of you, { $unread } unread
}
empty-direct = You and { $name }
notifications-body = { $author }: { $text }
notifying = In this browser, for all rooms
notifying-shown = Show notifications
notifying-shown-hint = When this page is not in view, or another room is open.
notifying-allow = Allow notifications
notifying-denied = Notifications are blocked. The browser’s settings for this page can allow them.
notifying-impossible = This browser shows notifications only for pages that come by https.
notifying-sound = Play a sound

## Browse
browse = Browse rooms
browse-search = Search rooms
browse-hint = A name, or a word of the topic
browse-count = { $count ->
    [one] { $count } room
   *[other] { $count } rooms
}
browse-none = No room is called so, and none is about it.
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
search-type-in = in:
search-type-label = label:
search-suggestions = Suggestions
search-pictures = { $count ->
    [one] 1 picture
   *[other] { $count } pictures
}
search-unknown-from = Nobody is called “{ $value }”.
search-unknown-in = No room is called “{ $value }”.
search-unknown-has = A message has a picture or not; “{ $value }” is not known.
search-unknown-label = “{ $value }” is no label.
search-empty = Type any part of a word, or choose whose messages, which room, or what a picture shows.
search-busy = Searching…
search-nothing = Nothing found in the rooms that you may read. Try a shorter part of the word, or remove a filter.
search-found = { $count ->
    [0] Nothing in the newest messages.
    [one] 1 message found
   *[other] { $count } messages found
}
search-more = Show more
search-further = Look further back

## Versions
versions = What this message said
versions-now = Now
versions-loading = Loading…
versions-none = Nothing is kept of what it said before.
versions-forget = Forget earlier versions
versions-forget-hint = If something private stood there: nobody will be able to read it any more.
versions-forgotten = Earlier versions are forgotten.

## Reactions
reactions-you = you
reactions-more = { $count } more
reactions-somebody = somebody
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
