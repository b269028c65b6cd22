# The evidence summary.
summary-title = Evidence summary
paper-for = Evidence for { $board }
paper-draft = Draft
paper-as-of = As of { $when }, counted at position { $position } of the record
paper-json = The same as JSON
paper-csv = The figures as CSV
paper-1 = What was asked, and what it feeds
paper-2 = Who took part
paper-3 = What was found
paper-4 = Every theme
paper-4-caption = Most contributions first. Each number leads to what it counts.
paper-5 = How the themes changed during the day
paper-5-lead = Merging and renaming never rewrite the record; the figures above are counted with the themes as they stand now.
paper-8 = What people ask for, in their words
paper-9 = Method, coverage and limits
paper-10 = Replies that are due
paper-11 = How to check this paper
paper-concern = A concern within this theme
paper-silent = Nothing was recorded from these tables:
paper-withdrawn = Withdrawn since:
paper-erased = Words erased since:
paper-no-findings = There are no themes yet.
voices-per-question = A voice counts once for each question, because voices cannot be followed from one question to another.
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
duty-rule = Fixed before the first round:
duty-tables = a theme heard at { $n ->
    [one] 1 table
   *[other] { $n } tables
} or more
duty-voices = or from { $n ->
    [one] 1 remote voice
   *[other] { $n } remote voices
} or more
duty-answer = gets a written reply from the { $owner } within { $days ->
    [one] 1 working day
   *[other] { $days } working days
} of publication.
duty-none = No theme has reached that yet.
duty-met = { $n ->
    [one] One theme has reached that:
   *[other] { $n } themes have reached that:
}
method-caption = What was done with the contributions
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
limit-people = The people who took part were not a sample of everybody; the numbers say how often something was heard here, not how many people think so.
limit-quotes = Quotes are as they were typed. A paraphrase is a facilitator’s wording and is marked as one.
limit-contrary = Beside a finding stands a concern from within the theme where there is one. How many agree or disagree was not asked.
limit-model = No language model read, sorted or wrote any part of this. People assigned every theme.
limit-missing = Not part of this draft: opinion groups and the board’s replies.
verify-how = Whoever holds the record can count everything again. At position { $position } these commands give the same figures:
verify-command =
    plenary check ASSEMBLY
    plenary summary ASSEMBLY --format json --out summary.json
annex-lists = What each figure counts
annex-lists-lead = A number in this paper leads to one of these lists; each number in a list leads to the words.
annex-words = The words
