# Pages that everybody sees: home, join, the participant's page, the screen, lists of contributions.
product = Plenary
skip-to-content = Skip to the content
nav-label = Pages
nav-home = Home
nav-take-part = Take part
nav-table = My table
nav-desk = Theme desk
nav-queue = Moderation
nav-run = Run of show
nav-screen = Screen
nav-summary = Evidence summary
foot-promise = What you say is kept in a record that nobody can quietly change. Every number here leads to the words behind it.
foot-position = Counted at position { $position } of the record
foot-open-data = These tallies as open data

index-title = Assemblies
index-empty = No assembly has been convened here yet.
index-empty-help = Whoever runs this server convenes one from an agenda:
index-empty-command = plenary new config/agenda.example.toml

home-for = For { $board }
home-agenda = What we are asking
home-join = Take part
home-join-help = You need the link that the organisers sent you or that is printed on your card. You do not need an account, and nobody asks for your name.
home-join-button = I have a link or a code
rounds-label = Rounds
all-rounds = All rounds
round-n = Round { $n }
stage-planned = Not open yet
stage-open = Open now
stage-closed = Closed

hearing-title = What we are hearing
hearing-empty = No themes yet.
hearing-empty-help = The theme team reads every contribution and names the themes as they come up. They will appear here.
counting-note = A table speaks for the people around it, a phone for one person. So tables and remote voices stand side by side and are never added up.
side-room = In the room
side-remote = Remote
side-other = Other
n-of-tables = { $n } of { $of ->
    [one] { $of } table
   *[other] { $of } tables
}
n-of-voices = { $n } of { $of ->
    [one] { $of } voice
   *[other] { $of } voices
}
n-of-contributions = { $n } of { $of ->
    [one] { $of } contribution
   *[other] { $of } contributions
}
n-of = { $n } of { $of }
coverage-line = { $contributions ->
    [0] Nothing has been said yet.
    [one] 1 contribution: { $read } read, { $unread } waiting to be read.
   *[other] { $contributions } contributions: { $read } read, { $unread } waiting to be read.
}
live-on = Live
live-off = Not connected. Trying again…
live-paused = Updates paused
live-news = { "{contributions}" } contributions so far
live-pause = Pause updates
live-resume = Resume updates

index-code = Have you been given a code?
index-code-hint = Six letters and digits, such as K7M 4QX. It is on the screen in the hall and in the stream.
join-title = Come in
join-lead = Your link opens this page and lets you in by itself. If it has not, paste the link or its code here.
join-label = Link or code
join-hint = The six characters on the screen in the hall, or what stands behind the # in your link.
join-button = Come in
join-privacy = What happens to what you say
join-privacy-1 = We keep your words, the time and the question. We never ask your name.
join-privacy-2 = Everybody can read your words once a person of the theme team has read them.
join-privacy-3 = You can take them back or erase them for good, at any time. Only the counts stay.

take-part-title = Take part
say-label = What do you want to say?
say-hint = In your own words. Please leave out names and anything that would show who you or somebody else is.
kind-label = What is it?
kind-point = Point
kind-story = Story
kind-proposal = Proposal
kind-question = Question
kind-concern = Concern
kind-quotable = Quotable
say-button = Send
unsent = Not sent yet: there is no connection. Your words are still here and go off by themselves when it is back. Please keep this page open.
no-round-open = No question is open just now.
no-round-open-help = When the next round opens, the question appears here. You can follow what the assembly is saying in the meantime.
recorded-at = Recorded, at position { $position } of the record.
notice-refused = That was not recorded
mine-title = What you have said
mine-empty = Nothing yet. What you send appears here with its receipt and what became of it.
receipt-is = Receipt
withdraw-title = Take this back
withdraw-hint = Your words will no longer be shown. The counts stay as they are and say that one was withdrawn. This cannot be undone.
withdraw-button = Take it back
erase-title = Erase my words for good
erase-hint = Your words, and every correction of them, are destroyed: nobody can read them here again, not even the organisers. What stays in the record is that something was said then, to which question, at which table or from which kind of device, under which themes it was counted, and that it was erased. Copies that people made before, such as a printed paper, stay where they are. This cannot be undone.
erase-button = Erase for good
erase-all-title = Erase everything I have said here
erase-all-hint = This erases the words of every contribution above, in every round, and with them what tells that they came from the same person. Anything you say afterwards counts as a new voice.
erase-all-button = Erase all of it for good
erase-table-title = Erase for good
erase-organiser-title = Erase these words
erase-organiser-hint = For words that should not be kept, such as a name. They are destroyed for good; the counts stay. Your reason stands in the record for everybody to read, for ever, so do not repeat the words in it.
erase-reason = Reason
erase-voice-button = Erase everything this voice has said
erase-voice-hint = Or every contribution of the same person in this assembly, in every round, as far as the server still knows which belong together. It forgets that too.
erase-mine-button = Erase everything I have said here
erase-mine-hint = Or the words of everything that you have said from the same browser, in every round, as far as the server still knows that it was you. It forgets that too.

form-verbatim = Their own words
form-paraphrase = Paraphrase
read-back-short = Read back and agreed
corrected-short = Corrected
heard-from-n = Heard from { $n }
position-n = Position { $position }
source-table = Table { $table }
channel-room = In the room
channel-remote = Remote
channel-nats = By text message or keypad
channel-paper = On paper
channel-import = Imported
words-withdrawn = Withdrawn by the person who said it.
words-erased = Erased. These words are no longer kept here.
words-held = Held back by a moderator.
words-blank = No words were given.
words-aside = Read and set aside. It is not shown here.
words-unread = Nobody on the theme team has read this yet.
state-unread = Received. Waiting to be read.
state-themed = Read and counted under its themes.
state-residue = Read. In no theme so far.
state-set-aside = Read and set aside: { $reason }
state-held = Held back by a moderator: { $reason }
state-withdrawn = Withdrawn. It stays counted and is no longer shown.
state-erased = Erased for good. It stays counted; its words are gone.
held-personal-data = personal data
held-abuse = abuse
held-safeguarding = safeguarding
held-off-topic = off the question
held-other = another reason

contributions-title = Contributions
contributions-empty = There are none.
about-all = Everything that was said
about-theme = Theme: { $theme }
about-reason = Reason: { $reason }
about-state-read = Read
about-state-themed = In a theme
about-state-set-aside = Set aside
about-state-residue = Read, in no theme
about-state-unread = Not read yet
about-state-held = Held back
about-state-withdrawn = Withdrawn
about-state-erased = Words erased
about-state-corrected = Corrected
about-state-read-back = Read back and agreed
about-state-verbatim = In their own words
counted = { $contributions ->
    [one] 1 contribution
   *[other] { $contributions } contributions
} · { $tables ->
    [one] 1 table
   *[other] { $tables } tables
} · { $voices ->
    [one] 1 voice
   *[other] { $voices } voices
}
shown-of = { $first } to { $last } of { $of }
page-earlier = Earlier
page-later = Later
code-this = Read and code

screen-title = Screen
screen-empty = The themes will appear here as the theme team names them.
screen-coverage = { $contributions ->
    [one] 1 contribution
   *[other] { $contributions } contributions
}, { $read } read
screen-more = { $n ->
    [one] 1 more theme
   *[other] { $n } more themes
}
screen-tables-heard = { $n } of { $of } tables · { $heard } people
screen-as-of = As of { $time }
screen-fresh = Live · { "{seconds}" } s
screen-paused = paused { "{time}" }
countdown-left = { "{time}" } left
countdown-over = { "{time}" } over
countdown-until = Until { $time }
scene-join-title = Take part from your phone
scene-join-help = Type the address and the code, or point your camera here. You need no account and no name.
scene-poll-open = Vote now
scene-poll-lags = The room has voted. People at home have a moment longer.
scene-poll-closed = What you chose

problem-no-link = You need a link for this page
problem-no-link-help = Please open the link that the organisers gave you first. It lets you in without an account.
problem-other-role = Your link does not open this page
problem-other-role-help = It is for another task. If you should be here, please ask the organisers for a link.
problem-cross-site = That came from another site
problem-cross-site-help = Nothing was changed. Please use the form on our own page.
problem-unavailable = This cannot be shown just now
problem-unavailable-help = The server could not look up your link. Please try again in a minute.
problem-no-such-code = That code leads nowhere
problem-no-such-code-help = Please check it again; it has six letters and digits, without 0, 1, I, L, O and U. The code on the screen may also have changed.
problem-unknown-assembly = There is no assembly here by that name
problem-unknown-assembly-help = Please check the address, or ask the organisers for a new link.
problem-no-pdf = There is no PDF here
problem-no-pdf-help = This program was built without it. The summary’s own page prints well, and whoever runs the server can build the program with its feature “pdf”.
problem-not-found = There is no such page
problem-not-found-help = Please check the address. The assemblies on this server are listed on its first page.

# The remote participant's page while it is open: where one's words stand, what others have said.
sent = Recorded. Your receipt is
stands-waiting = Waiting for a person of the theme team to read it: { $before ->
    [0] it is the next one
    [one] 1 before yours
   *[other] { $before } before yours
}. No estimate yet.
stands-waiting-about = Waiting for a person of the theme team to read it: about { $minutes } min, { $before ->
    [0] it is the next one
    [one] 1 before yours
   *[other] { $before } before yours
}.
stands-waiting-long = Waiting for a person of the theme team to read it: more than an hour, { $before ->
    [0] it is the next one
    [one] 1 before yours
   *[other] { $before } before yours
}.
stands-public = Public. A person has read it; it is in no theme so far.
stands-themed = { $n ->
    [one] Public, in the theme
   *[other] Public, in { $n } themes:
}
parts-news = Something has changed on this page.
latest-title = What others have said
latest-lead = The latest first, each once a person of the theme team has read it. How others took it appears when you have said what you think, so that nobody just follows the crowd.
latest-empty = Nothing is public yet. What people say appears here when it has been read.
latest-new-one = Show 1 new
latest-new = Show { "{n}" } new
latest-all = Everything that has been read
latest-theme = Theme:
react-label = What do you think?
react-agree = Agree
react-disagree = Disagree
react-pass = Pass
react-first = Nobody sees that it was you. You can change it at any time.
react-counts = { $agree } agree · { $disagree } disagree · { $pass } pass · of { $voices ->
    [one] 1 voice at home
   *[other] { $voices } voices at home
}
react-own = You said this.
react-unsent = That did not reach the server. Please try again when you are connected.
draft-kept = What you had typed was kept on this device.
draft-of = You began this in round { "{round}" } and did not send it. It is kept on this device only.
draft-use = Put it in the box above
draft-drop = Throw it away
moved-on = Round { $n } is open now: { $title }.
moved-closed = This round has closed. What you were writing can still be sent for a minute.
moved-kept = What you have typed is kept on this device.
moved-go = Go on
