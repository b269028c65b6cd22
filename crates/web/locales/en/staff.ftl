# Pages of the people who run the day: table console, theme desk, moderation, run of show.
table-title = Table { $table }
table-label = What was said?
table-button = Record it
table-no-round-help = The organiser opens the round; this page then shows its question. Nothing that was recorded is lost.
table-entries = This table: { $n ->
    [one] 1 entry
   *[other] { $n } entries
}
table-entries-empty = What you record appears here with what became of it.
table-all = Everything from this table
seats-n = { $n } seats
form-label = Whose words?
heard-from-label = Heard from
read-back-label = Read back, and the table agreed
mark-read-back = Mark as read back
correct-title = Correct
correct-label = The words as they should be
correct-hint = Both versions stay in the record; pages show this one.
correct-button = Save the correction

coverage-more = { $themed } in themes, { $aside } set aside, { $residue } in no theme.
public-for-ever = What you type here is public for ever. Please write nothing about a person.
theme-name = Name
theme-definition = What belongs to it
theme-merge-into = Merge into
change-named = Named “{ $name }”.
change-renamed = “{ $from }” is now “{ $to }”.
change-defined = “{ $name }” was defined anew.
change-split = “{ $into }” was split from “{ $from }”: { $moved ->
    [one] { $moved } contribution moved.
   *[other] { $moved } contributions moved.
}
change-undone = Change { $change } (“{ $name }”) was undone: { $moved ->
    [one] { $moved } contribution moved back.
   *[other] { $moved } contributions moved back.
}
change-merged = “{ $from }” was merged into “{ $into }”: { $moved ->
    [one] { $moved } contribution moved.
   *[other] { $moved } contributions moved.
}
change-retired = “{ $name }” was retired: { $moved ->
    [one] { $moved } contribution is in one theme fewer.
   *[other] { $moved } contributions are in one theme fewer.
}

queue-title = Moderation
queue-lead = Words appear on public pages once the theme team has read them. Hold back what must not be shown; it stays in the record and in the counts.
queue-held = Held back: { $n }
queue-held-empty = Nothing is held back.
queue-latest = Latest contributions
queue-latest-empty = Nothing has been said yet.
queue-reason = Reason to hold back
queue-hold = Hold back
queue-release = Release

advance-to = Move everyone to round { $n }
advance-hint = One action: closes what is open, opens “{ $title }” at every table and phone, starts its clock, and brings it on the screen.
advance-minutes = Minutes
now-more = Change the clock, or close the round
countdown-minutes = Minutes from now
countdown-set = Set the clock
close-open-round = Close the round for everyone
stage-title = On the screen
stage-since = since { $time }
stage-blank = Blank the screen now
stage-quotes = Put a contribution on the screen
stage-cue = Cue it
scene-hearing = What we are hearing
scene-question = The question
scene-join = How to join
scene-quote = A contribution
scene-poll = A poll
scene-poll-n = Poll { $n }
scene-blank = Blank
screen-under = People at home said { $said } of { $all } themed contributions, and { $shown } of { $of } quotes on the screen are theirs. You could put one of theirs up next.
cue-title = Next on the screen
cue-lead = Nobody else sees this yet.
cue-preview = What the screen will show
cue-show = Show it now
cue-back = Not now
polls-title = Polls
polls-none = No poll has been opened yet.
poll-new = Open a poll
poll-open = Open it in the room and at home
poll-close = Close this poll
poll-remote-until = People at home may vote until { $time }.
poll-question = What do you ask?
poll-method = How do people vote?
poll-temperature = Red, amber, green
poll-choose = Choose from a list
poll-rank = Put in order
poll-options = Options, one to a line
poll-options-hint = From 2 to 12. Red, amber, green needs none.
poll-most = Most that one person may choose
poll-lag = Seconds that the stream lags
poll-lag-hint = People at home may vote for so long after you have closed the poll, because they see the room later.
health-calm = No table is silent, and no tablet is lost.
alert-silent = Table { $table } has been silent for { $minutes } min.
alert-offline = Table { $table }: a tablet was last heard of at { $time }{ $n ->
    [0] .
    [one] , with 1 entry waiting on it.
   *[other] , with { $n } entries waiting on it.
}
alert-skew = Table { $table }: a tablet’s clock is off by { $minutes } min. Its entries are put right.
tablet-online = { $n ->
    [0] online
   *[other] online, { $n } waiting
}
tablet-offline = offline since { $time }{ $n ->
    [0] {""}
   *[other] , { $n } waiting
}
tablet-skew = clock off by { $minutes } min{ $n ->
    [0] {""}
   *[other] , { $n } waiting
}
tablet-none = no tablet yet
depth-unread = Waiting to be read
depth-oldest = the oldest for { $minutes } min
depth-held = Held back
depth-queue = Waiting to be recorded
depth-remote = Connected at home
depth-spoken = { $n ->
    [one] 1 voice has spoken
   *[other] { $n } voices have spoken
}
tables-change = Merge, split or move tables
tables-merge = Merge
tables-split = Split
tables-move = Move
tables-seat = Seat
tables-hint = What was said stays where it was said. Tablets of a merged table go on; they speak for the other table from now on. Seating a table again undoes a merge.
merge-table = Table
merge-into = into table
split-table = Split table
split-into = new table
split-seats = its seats
move-table = Move table
move-place = to
seat-table = Seat table
seat-seats = seats
move-merged = Table { $table } was merged into table { $into }.
move-split = Some of table { $table } sit at table { $into }.
move-moved = Table { $table } moved: { $place }.
move-seated = Table { $table } was seated again.
run-title = Run of show
run-rounds = Rounds
round-open = Open round { $n }
round-close = Close round { $n }
assembly-close = Close the assembly
assembly-close-hint = After this nobody can add a contribution. Reading, coding and withdrawing go on. This cannot be undone.
assembly-close-button = Close the assembly for good
assembly-is-closed = The assembly is closed. Nothing can be added to what was said.
run-health = Is everybody heard?
run-no-tables = This assembly has no tables.
run-tables-caption = Entries of each table in the round that is open, or of the whole day between rounds
run-silent = nothing yet
run-links = Links
col-table = Table
col-contributions = Contributions
col-last = Last entry
col-note = Note
col-issued = Issued
col-state = State
col-theme = Theme
link-role = Role
link-table = Table
link-label = Note
link-hint = A table number is needed for facilitators only. The note is public for ever; please write no name in it.
link-issue = Make a link
link-issued = A link for: { $role }
link-once = Copy or print it now. It is shown this once: we keep no copy.
link-revoke = Revoke
link-revoked-at = Revoked at { $time }
links-caption = Links that were issued
table-number-why = Please give the number of a table.
role-organiser = Organiser
role-facilitator = Facilitator
role-theme-team = Theme team
role-moderator = Moderator
role-participant = Participant
role-board-member = Board member
role-screen = Screen
role-observer = Observer
