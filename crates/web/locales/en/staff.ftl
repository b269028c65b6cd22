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

desk-title = Theme desk
desk-next = Next to read
desk-themes = Which themes is it part of?
desk-no-themes = There are no themes yet. Name the first one below.
desk-new-theme = Or name a new theme
desk-assign = Save its themes
desk-read = Read, no theme
desk-set-aside = Set aside, with a reason
desk-reason = Reason
desk-set-aside-button = Set aside
desk-empty = Everything has been read.
desk-empty-help = New contributions appear here as they come in. Reload the page to look.
desk-waiting = Waiting after that
desk-frame = Themes: { $n }
desk-changes = Latest changes
public-for-ever = What you type here is public for ever. Please write nothing about a person.
coverage-more = { $themed } in themes, { $aside } set aside, { $residue } in no theme.
theme-change = Change
theme-name = Name
theme-rename = Rename
theme-definition = What belongs to it
theme-define = Save
theme-merge-into = Merge into
theme-merge = Merge
change-named = Named “{ $name }”.
change-renamed = “{ $from }” is now “{ $to }”.
change-defined = A definition was written.
change-merged = “{ $from }” was merged into “{ $into }”: { $moved ->
    [one] 1 contribution moved.
   *[other] { $moved } contributions moved.
}
change-retired = “{ $name }” was retired: { $moved ->
    [one] 1 contribution is in one theme fewer.
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

run-title = Run of show
run-rounds = Rounds
round-open = Open round { $n }
round-close = Close round { $n }
assembly-close = Close the assembly
assembly-close-hint = After this nobody can add a contribution. Reading, coding and withdrawing go on. This cannot be undone.
assembly-close-button = Close the assembly for good
assembly-is-closed = The assembly is closed. Nothing can be added to what was said.
run-health = Is everybody heard?
run-remote = Remote voices so far: { $n }.
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
