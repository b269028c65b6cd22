# Who took part beside everybody whom it is about.
represented-unknown = Nobody has recorded how those who took part compare with the population, so this paper cannot say who is missing.
represented-members = { $members } people took part.
represented-invited = Of { $invited } people who were invited, { $members } took part.
represented-missing = Fewer than their share of the population: { $groups }.
represented-nobody-missing = No group is { $points } or more under its share of the population, as far as its number may be shown.
represented-where = The annex has every group; it gives no number where so few took part that they could be recognised.
represented-group = { $attribute }: { $group } ({ $points } under)
represented-title = Who took part, and who is missing
represented-lead = Compared with: { $reference }. The numbers are the organisers’, at { $position } of the record. A number of people from one to seven is left out because it could point at somebody, and with it what would give it away. Shares are rounded, and are of those who said which group they are of.
represented-of = Group
represented-population = Of the population
represented-were-invited = Invited
represented-took-part = Took part
represented-share = Share
represented-gap = Difference, in points
represented-caption = Members by { $attribute }
represented-hidden = left out
represented-none = –
represented-did-not-say = Did not say
represented-declared = { $declared } said which group they are of.
represented-hidden-together = { $hidden } are in groups that are left out.
count-points = { $n ->
    [one] 1 point
   *[other] { $n } points
}
points-over = { $n } more
points-under = { $n } fewer
# The evidence summary.
summary-title = Evidence summary
paper-for = Evidence for { $board }
paper-draft = Draft
paper-version-interim = Version { $version }, interim
paper-version-final = Version { $version }, final
paper-position = position { $position }
paper-fingerprint = data { $hash }
paper-page-of = Page { $page } of { $pages }
paper-no-letter = A box like this □ stands for a letter that the fonts of this PDF do not have. The web page and the data have the words as they were said.
paper-change = { $time } · { $what }
paper-short = In short
paper-short-took = { $contributions } were recorded: { $from }.
paper-short-all = { $contributions } were recorded.
paper-short-room = from { $tables } in the room
paper-short-home = from { $voices } at home
paper-short-home-rounds = from { $voices } at home in { $round }
paper-short-other-voices = from { $voices } in an import
paper-short-other = { $contributions } from an import
paper-short-most = Raised most widely, by tables first: { $themes }. These are topics that came up, not positions that were agreed.
paper-short-theme = “{ $theme }” ({ $counted })
paper-short-read-all = A person has read all of it: { $read }.
paper-name = “{ $name }”
paper-short-asked = Asked of the board: a written reply on { $themes }, to be given by the { $owner } within { $days } of the first publication.
paper-short-asked-by = Asked of the board: a written reply on { $themes }, to be given by the { $owner } by { $due }.
paper-short-unread = Not everything has been read: { $unread } are still unread, so every number can still change.
paper-annex = Annex
paper-contents = In this annex
paper-chart = How widely each theme was heard. The table below gives the same numbers.
legend-room = tables in the room
legend-remote = voices at home
legend-other-voices = voices in an import
legend-other = contributions from an import
paper-as-of = As of { $when }, counted at { $position } of the record
paper-pdf = The paper as PDF
paper-json = The same as JSON
paper-csv = The figures as CSV
paper-1 = What was asked, and what it feeds
paper-2 = Who took part
paper-3 = What was found
paper-4 = Every theme
paper-4-caption = Each number leads to what it counts.
ranked-tables-then-remote-voices-then-other-voices-then-contributions = In this order: heard at most tables; where that is equal, from most voices at home; then from most other voices; then in most contributions.
paper-5 = How views moved during the day
paper-5-changes = How the themes were changed
paper-5-lead = Merging and renaming never rewrite the record; the figures above are counted with the themes as they stand now.
paper-7 = Agreement and division
agreement-lead = What people at home said to single contributions, where { $least } or more took a side. A voice counts once for each contribution, and nobody is put into a group.
agreement-none = On nothing that was said did { $least } or more at home take a side, so nothing can be said of agreement and division.
agreement-united = Where nearly everybody took the same side
agreement-divided = Where people are divided
agreement-sides = { $agree } agreed, { $disagree } disagreed, { $pass } passed
paper-8 = What people ask for
paper-8-more = What else people ask for
paper-9 = Method, coverage and limits
paper-10 = Replies that are due
paper-11 = How to check this paper
paper-concern = Strongest concern raised
paper-contrary = Strongest contrary view
paper-silent = Nothing was recorded from { $tables }.
paper-withdrawn = { $n } withdrawn since
paper-erased = words of { $n } erased since
paper-no-findings = There are no themes yet.
voices-per-question = A voice cannot be followed from one question to another and counts once for each: { $voices } in all.
fact-contributions = Contributions
fact-tables = Tables
fact-voices = Remote voices
fact-other = Imported
fact-other-voices = Voices in the import
figure-contributions = { $n ->
    [one] 1 contribution
   *[other] { $n } contributions
}
figure-contributions-of = { $n } of { $of ->
    [one] 1 contribution
   *[other] { $of } contributions
}
figure-tables = { $n ->
    [one] 1 table
   *[other] { $n } tables
}
figure-tables-of = { $n } of { $of ->
    [one] 1 table
   *[other] { $of } tables
}
figure-voices = { $n ->
    [one] 1 voice
   *[other] { $n } voices
}
figure-voices-of = { $n } of { $of ->
    [one] 1 voice
   *[other] { $of } voices
}
figure-heard-from = Heard from { $n ->
    [one] 1 person
   *[other] { $n } people
} at the tables, as the facilitators counted
duty-rule = Fixed before the first round: a theme heard { $when } gets a written reply.
duty-tables = at { $tables } or more
duty-voices = from { $voices } or more at home within one round
duty-or = { " or " }
duty-answer = It is due from the { $owner } within { $days } of publication.
duty-due-on = { $duty }, due on { $due }
duty-replied-on = { $duty }, due on { $due }, answered on { $replied }
duty-none = No theme has reached that yet.
duty-met = { $n ->
    [one] One theme has reached that:
   *[other] These themes have reached that:
}
duty-voices-in = { $voices } in { $round }
count-tables = { $n ->
    [one] 1 table
   *[other] { $n } tables
}
count-voices = { $n ->
    [one] 1 voice
   *[other] { $n } voices
}
count-working-days = { $n ->
    [one] 1 working day
   *[other] { $n } working days
}
method-caption = What was done with the contributions
method-what = What was done
method-read = Read by a person
method-themed = In at least one theme
method-set-aside = Set aside, with a reason
method-residue = Read, in no theme
method-unread = Not read yet
method-verbatim = In the person’s own words
method-read-back = Read back, and the table agreed
method-corrected = Corrected by the table or person
method-withdrawn = Withdrawn, still counted, not shown
method-erased = Words erased for good, still counted
method-held = Held back by a moderator
method-aside-why = Why contributions were set aside
method-held-why = Why contributions were held back
method-limits = Limits
method-machine = What a machine helped with
machine-none = Nothing. No machine suggested a theme; people assigned every theme.
machine-helped = A machine suggests themes, and a person decides about each. Of the contributions in a theme, { $helped } had been suggested for it before a person put them there.
machine-engine = { $engine } was the last to suggest a theme for { $suggested }
limit-people = The people who took part were not a sample of everybody; the numbers say how often something was heard here, not how many people think so.
paper-drafted = Written by a model, { $model }, and signed off by a person.
limit-quotes = Quotes are as they were typed. A paraphrase is a facilitator’s wording and is marked as one.
limit-contrary = The contrary view beside a finding is the concern from within that theme which most people backed at a table; where that is equal, the one that most voices at home agreed with. The theme team can choose another one, or say why there is none.
limit-missing = Nobody is put into an opinion group. What the board has replied stands on the page of each duty and not here.
verify-how = Whoever holds the record can count everything again. At { $position } these commands give the same figures:
verify-command =
    plenary check ASSEMBLY
    plenary summary ASSEMBLY --format json --out summary.json
verify-hash = The { $sum } of that file is { $hash }.
verify-sum = SHA-256
verify-version = The record names the { $sum } of this version, and whoever asks for its data gets the bytes that it is of. Nobody's words are in them, only where they stand in the record, so that it holds when words are erased.
annex-lists = What each figure counts
annex-lists-lead = Each figure leads to one of these lists. They name contributions by their position in the record.
annex-words = The words
annex-words-elsewhere = There are too many to print. The web page, the file that stands alone and the data hold all of them.
contrary-none-said = The theme team has found no contrary view.
contrary-none = Nobody raised a concern within this theme that everybody may read.
contrary-marks = { $agree } at home agreed, { $disagree } disagreed
movement-tables = tables
movement-voices = voices
movement-first = First heard
movement-caption = At how many of the tables that spoke in a round, and from how many of the voices at home that did.
poll-answer = Answer
poll-voted = Asked at { $time }. Voted: { $room } in the room, { $remote } at home.
poll-again = { $poll } asked the same before.
paper-indicators = How far each theme rests on few
indicators-lead = These are hints, not proof. They change nothing that is counted; they say how a number should be read.
indicators-shares = What stands behind the contributions of each theme.
indicators-minutes = When they came. The chance is that of a minute as busy as the busiest one, had the theme come up when everything else did.
indicators-ways = How the contributions of each theme came in. At a table and on paper somebody of the organisers was there; everybody else came by a link or a bridge and is not verified.
indicators-places = The place of each theme among all, as it is and as it would be without what may be doubted.
indicators-hints = What is worth a look
indicators-none = Nothing is.
indicators-untold = What the record cannot tell
indicator-voice = Loudest voice
indicator-voices = Five loudest
indicator-link = Busiest link
indicator-copies = Near copies
indicator-minute = Busiest minute
indicator-usual = Usual minute
indicator-second = Within a second of another
indicator-chance = Chance in ten thousand, at most
indicator-sole = Voices with this theme only
indicator-place = As it is
indicator-in-room = Only the room
indicator-no-copies = Without copies
indicator-no-link = Without the busiest link
indicator-nothing = –
percent = { $n } %
count-places = { $n ->
    [one] 1 place
   *[other] { $n } places
}
hint-one-voice = “{ $theme }”: one voice made { $from } or more of the contributions.
hint-few-voices = “{ $theme }”: the five loudest voices made { $from } or more of the contributions.
hint-one-link = “{ $theme }”: { $from } or more came through one link, and far more than of everything else.
hint-without-link = Without it: { $left }.
hint-copies = “{ $theme }”: { $from } or more are near copies.
hint-burst = “{ $theme }”: so much of it came within one minute that, had it come up when everything else did, the chance of that would be { $from } or less.
hint-rank = “{ $theme }”: without what may be doubted it would stand { $from } or more further down.
untold-verified = How somebody was verified stands in no record: only through which channel and link they came.
untold-phones = Devices and addresses of people are not kept, so one careful person with several phones counts as several.
untold-voices = Where no contribution has a voice, as at the tables, nothing can be said of loud voices.
untold-links = Where nothing came through a link, as in an import, nothing can be said of links.
untold-times = Where times are not known, as in an import, nothing can be said of bursts.
untold-reached = Nobody has counted who was invited and who came, so nothing can be said of who was not reached.
untold-sample = Nobody has drawn a random sample of what was unread, so there is no estimate of how far the themes are right.
