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
delete = Delete
leave = Leave
role-admin = admin
role-moderator = moderator
rooms = Rooms
new-room = New room
try-again = Try again
loading = Loading…
picture-by = Picture by { $name }
search-messages = Search messages
messages = Messages
statistics = Statistics
my-segment = Rooms that suit you
account = Account
code = Code
part-failed = This part of the page could not be loaded
part-failed-hint = Check your connection, then try again.

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

## Route
route-nothing = There is nothing at this address, or it is not open to you.

## Avatar
bot = bot

## Room settings
room-settings = Settings of this room
room-settings-muted = Settings of this room (muted)
room-locked = This room is locked: only its moderators write here for now.
room-pins = Pinned messages

## People
new-direct = New message
person-creator = creator

## Api
api-cancelled = The upload was cancelled.
api-offline = The server cannot be reached. Check your connection, then try again.
api-internal = The server answered { $status }. Try again in a moment.

## Wire
wire-away = Not connected. Try again when the connection is back.
wire-silent = The server did not answer. Try again in a moment.

## Rooms
rooms-not-found = This room is not there, or it is not yours to see.

## Code
code-copy = Copy
code-copy-this = Copy the code
code-copied = The code is in the clipboard.

## Completion
completion = Suggestions

## Labels
labels = What the bot saw
labels-label = { $label }: { $share }
labels-taught = { $label }: { $share }, taught in this room

## Picture
picture-open = Picture by { $name }: show it large
picture-upload = Upload
picture-cancel = Cancel the upload

## Quote
quote-gone = A message that is not here any more
quote-deleted = A message that was deleted
quote-go = Go to this message

## Emoji
emoji-common = thumbs up|heart|laughing|party|surprised|sad|thanks|applause|fire|eyes|hundred|done|smiling|in love|thinking|cool|hands up|idea|rocket|coffee|cat|dog|sun|thumbs down

## Shortcuts
shortcuts = Keyboard shortcuts
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

## Statistics
room = Room

## Moderation
moderation = Moderation
held-title = Pictures held for review
held-nothing = No picture waits.
held-label = { $label }, { $percent } % sure
held-unanswered = No bot has said what it shows.
held-release = Let it be seen
held-remove = Remove the picture

## Account
account-of = Account of { $name }

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

## Notifications
sidebar-direct = Direct messages
sidebar-direct-none = Write to somebody.
sidebar-mentions = { $count ->
    [one] { $count } mention of you, { $unread } unread
   *[other] { $count } mentions of you, { $unread } unread
}
empty-direct = You and { $name }
notifications-body = { $author }: { $text }

## Browse
browse = Browse rooms

## Search
# What these buttons type. Both languages' words are understood in each.

## Reactions
reactions-you = you
reactions-more = { $count } more
reactions-somebody = somebody
