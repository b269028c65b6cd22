# The theme desk.
desk-title = Theme desk
desk-next = Next to read
desk-next-double = Code this a second time
desk-again = Read again
desk-themes = Which themes is it part of? Up to three.
desk-no-themes = There are no themes yet. Name the first one below.
desk-new-theme = Name a new theme
desk-assign = Save its themes
desk-read = Read, no theme
desk-skip = Skip for now
desk-set-aside = Set aside, with a reason
desk-reason = Reason
desk-set-aside-button = Set aside
desk-empty = Everything has been read.
desk-empty-help = New contributions appear here as they come in. Without script, reload the page to look.
desk-empty-held = What is left is being read by others just now.
desk-empty-double = Nothing waits for a second coding by you.
desk-waiting = Waiting after that
desk-has = { $who } has this one.
desk-frame = Themes: { $n }
desk-filter = Which contributions?
desk-filter-round = Round
desk-filter-table = Table
desk-filter-all = All
desk-filter-show = Show these
desk-filter-clear = Show all
desk-audit = Audit sample: please read it first, an estimate waits for it.
desk-blind = How it was coded first is not shown, so that the two codings can be compared.
desk-suggested = Suggested. A person decides.
desk-strong = strong
desk-likely = likely
desk-possible = possible
desk-why = because of: { $words }
desk-alike = Says nearly the same as another contribution{ $others ->
    [0] .
    [one] , and so does 1 other.
   *[other] , and so do { $others } others.
}
desk-alike-first = { $others ->
    [one] 1 other says nearly the same.
   *[other] { $others } others say nearly the same.
}
desk-alike-see = See where it stands
desk-apart = Not a copy
desk-all = Code all { $n } like this
desk-undo = Undo: { $what }
desk-saved = Saved: { $what }.
desk-skipped = Skipped. It comes back when nothing else is left.
desk-did-themes = { $themes }{ $n ->
    [one] {""}
   *[other] {" "}for { $n } contributions
}
desk-did-read = { $n ->
    [one] read, no theme
   *[other] { $n } contributions read, no theme
}
desk-did-aside = set aside
desk-taken = { $who } has that one just now. Here is another.
desk-lost = { $who } has this one by now. If both of you save it, the first counts.
desk-progress = How far we are
desk-meter = { $read } of { $contributions } read, { $themed } in themes, { $aside } set aside, { $residue } in no theme, { $unread } unread
desk-own = You: { $hour } in the last hour, { $pace } a minute just now
desk-double = { $n ->
    [one] 1 contribution waits for a second coding by you
   *[other] { $n } contributions wait for a second coding by you
}
desk-double-back = Back to what is unread
desk-held = Who reads what
desk-held-none = Nobody holds anything just now.
desk-you = You
desk-who = { $label }{ $number ->
    [one] {""}
   *[other] {" "}{ $number }
}
desk-holds = { $minutes ->
    [0] just now
   *[other] { $minutes } min
}, no. { $position }
desk-col-tables = Tables
desk-col-voices = Voices
desk-col-all = All
desk-find = Find a theme
desk-keys-on = Single keys work on this page
desk-keys = Keys
desk-help-theme = the theme with that key
desk-help-at-once = a suggested theme, saved at once; so does pressing it twice
desk-help-enter = save the chosen themes
desk-help-undo = undo my last step
desk-help-keys = this list
desk-unsent = That did not reach the server. Nothing is lost: press Enter to send it again.
desk-most = Three themes are the most. Press one again to take it out.
desk-none = Choose a theme first, or press 0 if it is in none.
desk-chosen = { "{themes}" } chosen
