# Where the paper is written and published.

nav-edit = Write the paper
edit-title = Write the paper
edit-lead = The paper counts itself. What you write here stands around its figures, under your assembly's name.
edit-figures = Place a number by its name in double square brackets, such as [[tables]]. It is counted again wherever it is shown, and whoever reads it can walk back to the words behind it. Typed numbers are refused. To count a part, add it: [[contributions round=2]] or [[tables kind=concern]].
edit-opening = How the paper opens
edit-prose = What you want to say
edit-empty = An empty box takes back what was there.
edit-keep = Put it into the paper
edit-ask = Ask a model for a draft
edit-waits = A model was asked to write about this. Its draft appears here.
edit-source = (source { $n })
edit-dropped = { $n ->
    [0] Every sentence rests on what was said.
    [one] 1 sentence was left out: it rested on nothing, misquoted, or counted.
   *[other] { $n } sentences were left out: they rested on nothing, misquoted, or counted.
}
edit-sign = Sign it off and put it into the paper
edit-sign-help = You answer for these sentences then, and they replace what stands above. Those that quote somebody stay here: quotes stand beside the finding anyway.
edit-quote-gone = (words that may not be read any more)

nav-publish = Publish
nav-published = The paper
publish-title = Publish the paper
publish-lead = Publishing freezes the paper as it is counted at this moment. Its hash goes into the record, everybody can read it from then on, and the board owes what the rule says.
publish-next = Version { $n }
publish-unread = { $n ->
    [one] One contribution is unread, so this version is interim, and says so.
   *[other] { $n } contributions are unread, so this version is interim, and says so.
}
publish-open = Everything is read. The assembly is not closed yet, so this version is interim.
publish-whole = Everything is read and the assembly is closed, so this version may be final.
publish-no-rule = No rule was fixed when this assembly was convened, so the board owes no reply.
publish-no-duties = No further theme meets the rule, so no new duty arises.
publish-duties = { $n ->
    [one] With this version the board owes a written reply to one theme:
   *[other] With this version the board owes a written reply to { $n } themes:
}
publish-look = Read it once more before
publish-for-ever = A version cannot be changed or taken back; a later one stands beside it and shows what is different.
publish-as-interim = Publish as interim
publish-as-final = Publish as final
publish-interim = interim
publish-final = final
publish-bad-hash = A SHA-256 has 64 digits, from 0 to 9 and from a to f. Please copy it whole, or leave the box empty.
published-title = Published versions
versions-lead = Each is as it was when it was published. Words that were withdrawn or erased since then are gone from it, and it says so.
versions-none = Nothing has been published yet.
versions-n = Version { $n }
versions-counted = Counted at position { $position }
since-title = What changed from version { $before } to version { $after }
since-lead = Prose, quotes and figures that are not as they were, part by part. Words that were withdrawn or erased since then are gone from both.
since-themes = How the themes changed in between
since-nothing = Nothing that is said in it has changed.
since-came = This part is new.
since-went = This part is gone.
versions-since = What changed since the version before
versions-all = All versions
number = { $n }
published-interim = Version { $version }, interim: published on { $when } before everything was read, so a later version can differ.
published-final = Version { $version }, final: published on { $when } after everything was read.
published-fingerprint = The fingerprint of this version in the record: { $hash }.
published-redacted = Since then words are gone from it: { $parts }.
published-owed = By { $due } the { $owner } owes a written reply: { $duties }.
published-owed-paper = { $duty } on the paper as a whole
published-since = { $about }: as published { $then }; now { $now } can be read, { $parts }.
published-withdrawn = { $n } withdrawn
published-erased = { $n } erased
published-held = { $n } held back
problem-published = This version cannot be shown just now
published-missing = Its file is not where it should be. The record still names it by its hash; whoever keeps a copy can show that it is the right one. Please tell the organiser.
published-altered = Its file is not what the record says it is, so it is not shown. Please tell the organiser.
members-title = Who took part
members-lead = With the numbers by age, place or whatever people were chosen by, the paper can say who is missing. You need numbers of people only, and no names.
members-recorded = Recorded on { $when }: { $members } people by { $attributes ->
    [one] one attribute
   *[other] { $attributes } attributes
}. A new table takes its place, and both stay in the record.
members-reference = Where the numbers of the population are from
members-table = The table, copied out of a spreadsheet
members-table-hint = Its first line names the columns: attribute, group, members, and where you know them population and invited. Each further line is one group, such as: Age, 16–24, 11, 6000, 1000. Leave the group empty for people who did not say.
members-for-ever = Numbers of people from one to seven, and what would give them away, are left out before anything is recorded. The rest is public for ever.
members-record = Put it into the record
material-title = What people were given to read
material-lead = Papers, films, talks: what people knew when they spoke is part of how fair it was. Put each here when you hand it out.
material-what = What it is
material-where = Where it can be found, if it is online
material-hash = SHA-256 of the file, if there is one
material-hash-hint = With it, anybody can show later that the file is still the one that people were given.
material-show = Put it into the record
