nav-quality = How sure
nav-candidates = New themes
quality-title = How sure are the figures?
quality-lead = Confirmed is what a person has read and put into a theme. Nothing else is ever counted. Beside it stands what a machine suggests, and what a random sample says about what nobody has read yet.
quality-round = Round
quality-all-rounds = All rounds
quality-show = Show
quality-read = What has been read
quality-themes = Theme by theme
quality-columns = Voices are different people; tables are counted once each. Without copies: of contributions that say nearly the same, only the first. Suggested: unread, and no part of any figure. Agreement is Cohen’s kappa: 1 is full agreement, 0 is what chance gives.
quality-theme = Theme
quality-voices = Voices
quality-tables = Tables
quality-contributions = Contributions
quality-originals = Without copies
quality-suggested = Suggested, unread
quality-estimate = If all were read (95 %)
quality-kappa = Agreement
quality-single = one reader only
estimate-range = { $low } to { $high }
estimate-none = –
audit-title = A random sample
audit-what = A random sample of what is unread, read first, says how large each theme would be if everything had been read. The server draws it; the number that it is drawn with stands in the record, so that anybody can draw it again.
audit-none = No sample has been drawn.
audit-waits = { $drawn } of { $of } unread contributions were drawn at position { $position }; { $left } of them still have to be read before there is an estimate.
audit-done = { $drawn } of { $of } unread contributions were drawn at position { $position }, and all of them have been read.
audit-size = How many
audit-draw = Draw a sample
double-title = Do two readers agree?
double-what = A second person codes a random sample again, without seeing what the first one chose.
double-line = { $coded ->
    [one] 1 contribution has been coded by two people
   *[other] { $coded } contributions have been coded by two people
}; { $waiting ->
    [0] none waits.
    [one] 1 waits.
   *[other] { $waiting } wait.
}
double-draw = Draw for double coding
copies-title = Said in nearly the same words
copies-what = Copies are found by a machine and shown together. They stay counted; the column “without copies” leaves them out, so that both figures can be seen.
copies-none = No copies have been found.
copies-line = { $n ->
    [one] 1 contribution says nearly what an earlier one says.
   *[other] { $n } contributions say nearly what an earlier one says.
}
copies-more = { $n ->
    [one] and 1 other
   *[other] and { $n } others
}
candidates-title = Themes that may be missing
candidates-lead = A machine found these among what no theme explains. A theme is only what you make one.
candidates-none = Nothing is proposed just now.
candidates-none-help = When thirty or more contributions fit no theme, candidates appear here.
candidates-size = { $n ->
    [one] Found in 1 contribution.
   *[other] Found in { $n } contributions.
}
candidates-exemplars = These show best what it is about. Those that stay ticked are put into the theme.
candidates-take = Sign it off and make it a theme
candidates-take-help = You answer for this name and definition then. They are public for ever.
model-signed = Written by a model ({ $model }), signed off by a person
model-wrote = Written by a model ({ $model }), not signed off
candidates-name = Name of the new theme
candidates-own-words = The name is taken from what somebody said; please put it into your own words.
candidates-accept = Make it a theme
candidates-dismiss = Dismiss
candidates-into = or it belongs to
candidates-merge = Put it there
about-suggested = unread, and suggested for “{ $name }”
about-copies = of one group of copies
about-state-copy = Says nearly what an earlier one says
about-state-original = Without near copies
pinned = Pinned as a quote
unpin = Unpin
pin = Pin as a quote
pin-piece = Only this piece of it
pin-hint = Leave it empty for all of the words. Nothing is altered: a piece is copied out as it stands.
pin-button = Pin
