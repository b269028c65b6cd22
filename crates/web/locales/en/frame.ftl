# The code frame: what we call things, every change of it, versions, and how things stood earlier.
nav-frame = Themes
frame-title = What we call things
frame-lead = The theme team reads every contribution and puts it into the themes below. Everything that they ever changed about the themes stands here with its reason, and can be undone; nothing is rewritten.
frame-themes = Themes in use: { $n }
frame-empty = No theme has been named yet.
frame-empty-help = The theme team names the first one at its desk, as contributions come in.
frame-to-desk = To the theme desk
frame-change = Change, split or merge it
frame-look = Everything about it
frame-gone = Merged and retired: { $n }
frame-live = In use.
frame-merged = Merged into “{ $into }”.
frame-retired = Retired.
frame-tables = { $n ->
    [one] 1 table
   *[other] { $n } tables
}
frame-voices = { $n ->
    [one] 1 remote voice
   *[other] { $n } remote voices
}
frame-others = { $n ->
    [one] 1 other
   *[other] { $n } others
}
frame-contributions = { $n ->
    [one] 1 contribution
   *[other] { $n } contributions
}
frame-link = What we call things, and how that changed
frame-data = Take it with you
frame-data-lead = The themes, their counts and every change, for other programs. What people said is not in these files.
frame-json = As JSON
frame-csv = As CSV
frame-themefinder = As ThemeFinder and Consult read it

history-title = Every change
history-title-theme = What was done with this theme
history-empty = Nothing has been changed yet.
history-number = Change { $n }
history-before = Counts before
history-after = Counts after
history-undone = Undone by change { $n }.
history-buried = Something was changed on top of this since. To undo it, undo the later change first.
history-undo = Undo this change
history-undo-button = Undo
history-reason = Why is it undone?
history-earlier = Earlier changes
change-reason = Reason: { $reason }

versions-title = Versions
versions-lead = Give the themes as they stand a name, such as “Before the second round”, to compare them later.
versions-none = No version has been named yet.
version-name = Name of this version
version-button = Name it
compare-title = Two versions side by side
compare-from = Compare
compare-to = with
compare-now = Now
compare-button = Compare
compare-themes-same = { $n ->
    [0] Every theme differs.
    [one] 1 theme is as it was.
   *[other] { $n } themes are as they were.
}
compare-none = There were no themes at either time.
compare-caption = What changed comes first. Counts are those of each time.
compare-theme-before = Before: { $name }
compare-theme-after = After: { $name }
compare-what = What happened
compare-added = New.
compare-renamed = Renamed.
compare-redefined = Defined anew.
compare-both = Renamed and defined anew.
compare-same = As it was.
compare-absent = Not there
compare-was = Before:
compare-is = After:
compare-undefined = no definition

theme-none-defined = Nobody has written down yet what belongs to it.
theme-counts = How often it was raised
theme-words = The contributions in it
theme-jumps = Why the count jumped
theme-forms = Change it
theme-why = Reason
theme-why-hint = Reasons are public for ever. Please write nothing about a person.
theme-rename-title = Call it something else
theme-define-title = Write down what belongs to it
theme-merge-title = Merge it into another theme
theme-merge-hint = Everything in this theme moves to the other one. It can be undone.
theme-retire-title = Retire it
theme-retire-hint = Nothing is in this theme any more. What is in no other theme then waits among what is read and in no theme. It can be undone.
theme-retire-button = Retire
theme-split-title = Split a part off
theme-split-hint = Tick what belongs to the new theme. It moves there; the rest stays. It can be undone.
theme-split-name = Name of the new theme
theme-split-definition = What belongs to the new theme, if you want to say so now
theme-split-empty = There is nothing in this theme that could be split off.
theme-split-button = Split off what is ticked
theme-split-of = What is in the theme: { $first } to { $last } of { $of }
theme-rename-button = Rename
theme-define-button = Save
theme-merge-button = Merge
frame-back = All themes

jump-by = { $by } at { $time }: { $what }
jump = { $time }: { $what }
jump-merged = “{ $from }” was merged into “{ $into }”.
jump-unmerged = the merge of “{ $from }” into “{ $into }” was undone.
jump-split = “{ $into }” was split from “{ $from }”.
jump-unsplit = the split of “{ $into }” from “{ $from }” was undone.
jump-retired = “{ $name }” was retired.
jump-in = “{ $name }” merged in.
jump-out = “{ $name }” taken out again.
jump-off = “{ $name }” split off.
jump-from = split from “{ $name }”.
jump-again = in use again.
jump-unretired = “{ $name }” is in use again.

as-of-title = What we were hearing
as-of-lead = On the left as it was counted then, with the themes as they stood then. On the right what had been said by then, counted anew with the themes of today. Nothing is rewritten: both are counts of the same record.
as-of-when = { $when }, position { $position } of the record
as-of-at = Position in the record
as-of-time = Or a time of day, such as 15:10
as-of-button = Look back
as-of-now = As it is now
as-of-caption = Tables in the room and voices at home, then and with the themes of today
as-of-then = Then
as-of-anew = Counted anew
as-of-theme = Theme
as-of-called = now “{ $name }”
as-of-not-there = not there yet
as-of-tables = tables
as-of-voices = voices
as-of-all = contributions
as-of-changes = { $n ->
    [0] The themes have not been changed since.
    [one] The themes have been changed once since:
   *[other] The themes have been changed { $n } times since:
}
as-of-compare = what changed
as-of-none = There was no theme then.
as-of-what = Please say which moment you mean: a position in the record, or a time of day.
as-of-time-why = Please write the time like 15:10, or with its day like 2026-11-22T15:10.
as-of-later = The record has not come that far yet. Please choose an earlier position.
as-of-too-long = Pages look back over the first { $max } events of a record. Whoever runs the server can count beyond with “plenary tallies”.
as-of-busy = Many people are looking back just now. Please try again in a moment.
as-of-unreadable = That moment cannot be shown just now. Please try again in a minute.
as-of-link = Look back to an earlier moment
