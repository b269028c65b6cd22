# What the board owes to the assembly: the duties page, a duty's own page, the board member's page, promises.
nav-duties = Duties
duties-title = What the board owes
duties-lead = Before the assembly opened, { $board } agreed which themes get a written answer, by when and from whom. What was promised stands here, and so does what is late.
duties-on = As of { $day }
duties-n-owed = { $n } owed
duties-n-answered = { $n } answered
duties-n-late = { $n } of them late
duties-n-due = { $n } due
duties-n-overdue = { $n } overdue, { $days ->
    [one] the longest by 1 day
   *[other] the longest by { $days } days
}
duties-1-overdue = 1 overdue by { $days ->
    [one] 1 day
   *[other] { $days } days
}
promises-title = Promises
promises-n-made = { $n } made
promises-n-kept = { $n } kept
promises-n-late = { $n } of them late
promises-n-open = { $n } open
promises-n-overdue = { $n } overdue
promises-n-reports = { $n ->
    [one] 1 progress report overdue
   *[other] { $n } progress reports overdue
}
promises-none = Nothing has been promised yet.
duties-list = Every duty
duties-whole-paper = The paper as a whole
duties-owner = { $owner } answers.
duties-due-day = Due { $day }
duties-promised-by = { $owner }, by { $day }
duties-version = Version { $version } of the paper was published on { $day }.
duties-version-interim = Version { $version } of the paper, an interim one, was published on { $day }.
duties-none-rule = No rule was fixed before this assembly, so no answer is due by a day.
duties-none-yet = The paper has not been published yet. The clock starts on the day on which it is.
duties-would = If it were published now, these themes would be owed an answer:
duties-would-none = If it were published now, no theme would be owed an answer yet.
duties-none-met = No theme of the published paper reached the rule, so no answer is due.
duties-take = Take it with you
duties-atom = News of every step (Atom)
duties-ics = Days in your calendar (iCalendar)
duties-json = As open data (JSON)

timing-today = Due today
timing-due = { $days ->
    [one] 1 day left
   *[other] { $days } days left
}
timing-overdue = Overdue by { $days ->
    [one] 1 day
   *[other] { $days } days
}
timing-answered = Answered on { $day }, in time
timing-answered-late = Answered on { $day }, { $days ->
    [one] 1 day late
   *[other] { $days } days late
}
timing-kept = Kept on { $day }, in time
timing-kept-late = Kept on { $day }, { $days ->
    [one] 1 day late
   *[other] { $days } days late
}
timing-report = Next progress report due { $day }
timing-report-overdue = Progress report overdue since { $day }

standing-owed = No answer yet
standing-holding = Holding reply given; the answer is still owed
standing-replied = Answered; the assembly’s representatives have not spoken yet
standing-rejoined-answers-it = The representatives say: this answers it
standing-rejoined-partly = The representatives say: this answers it partly
standing-rejoined-does-not = The representatives say: this does not answer it
standing-committed = Answered, with a promise that is still open
standing-delivered = Answered, and every promise kept

rule-title = The rule, fixed before the assembly opened
rule-tables = A theme gets a written answer if it was heard at { $n ->
    [one] 1 table
   *[other] { $n } tables
} or more.
rule-voices = A theme gets a written answer if it came from { $n ->
    [one] 1 remote voice
   *[other] { $n } remote voices
} or more.
rule-either = A theme gets a written answer if it was heard at { $tables ->
    [one] 1 table
   *[other] { $tables } tables
} or more, or came from { $voices ->
    [one] 1 remote voice
   *[other] { $voices } remote voices
} or more.
rule-within = The answer comes from the { $owner } within { $days ->
    [one] 1 working day
   *[other] { $days } working days
} of the day on which the paper is published.
rule-calendar = Saturdays, Sundays and the bank holidays of { $calendar } are no working days; its bank holidays are known until { $until }.
rule-calendar-none = Saturdays and Sundays are no working days. No calendar of bank holidays was fixed.
rule-statutory = A law wants the whole paper answered by { $day }.
rule-progress = Progress on a promise is reported { $first ->
    [one] 1 month
   *[other] { $first } months
} after it was made, and then every { $then ->
    [one] month
   *[other] { $then } months
} until it is kept.
rule-progress-once = Progress on a promise is reported once, { $first ->
    [one] 1 month
   *[other] { $first } months
} after it was made.
rule-stays = Nothing moves a day once it is fixed: no holding reply, no new version of an answer, no change of owner. What came late is shown as late for good.

told-published = Version { $version } of the paper was published
told-owed = Duty { $duty }: { $owner } owes an answer to “{ $name }” by { $due }
told-decided = Decision { $n }: { $title }
told-overdue = Duty { $duty }: overdue. { $owner } owed an answer to “{ $name }” by { $due }
told-promise-overdue = Promise { $promise }: overdue. { $owner } promised it by { $due }
told-reassigned = Duty { $duty }: { $owner } now answers “{ $name }”; the day stays
told-holding = Duty { $duty }: holding reply to “{ $name }”
told-replied = Duty { $duty }: “{ $name }” was answered
told-replied-again = Duty { $duty }: version { $version } of the answer to “{ $name }”
told-rejoined = Duty { $duty }: the representatives on the answer to “{ $name }”: { $verdict }
told-committed = Promise { $promise }: { $owner }, by { $due }
told-progress = Promise { $promise }: progress
told-delivered = Promise { $promise }: kept
told-late = { $days ->
    [one] 1 day late.
   *[other] { $days } days late.
}
verdict-answers-it = This answers it
verdict-partly = This answers it partly
verdict-does-not = This does not answer it

cal-duty = Answer due: { $name }
cal-promise = Promise due: { $name }
cal-report = Progress report due: { $name }
cal-nothing = Nothing is due to the assembly
cal-by = { $owner } answers.
feed-title = { $title }: what the board owes

duty-back = What the board owes
duty-n = Duty { $n }
duty-words = What people said
duty-no-quotes = No quote of this theme can be shown.
duty-all-words = { $n ->
    [one] Read the contribution in this theme
   *[other] Read all { $n } contributions in this theme
}
duty-figure = How many said it
duty-figure-at = As counted at position { $position } of the record, when the paper was published
duty-no-figure = There is no figure of this theme in the published paper.
duty-owed-title = What is owed
duty-owed = Version { $version } of the paper, published on { $day }, made this a duty.
duty-reassigned = { $owner } answers instead of { $before }. The day stays.
duty-reply-title = The board’s answer
duty-holding = Holding reply
duty-no-reply = There is no answer yet.
duty-reply-now = What the board says
duty-version = version { $n }
duty-of-version = about version { $n } of the answer
duty-changes = What changed in the answer
duty-changes-hint = Underlined words came, struck-out words went. Every version stays.
duty-first-version = Version 1, { $day }
duty-next-version = Version { $n }, { $day }: what changed
diff-went = Removed:
diff-came = Added:
diff-end = (end of change)
duty-rejoinder-title = What the assembly’s representatives say of it
duty-no-rejoinder = They have not said anything yet.
duty-promised-on = promised on { $day }
duty-progress = Progress, { $day }
duty-delivered = Kept, { $day }
promise-n = Promise { $n }

form-public = What you write here is public for ever, together with the day. Nobody can delete it, and later versions show what changed.
form-office = Which office? Please name no person.
form-why = Why?
form-reassign = Let another office answer
form-reassign-hint = The day on which it is due does not move.
form-reassign-button = Change who answers
form-reply = Your answer to what people said
form-reply-button = Publish the answer
form-again = Write a new version of the answer
form-again-hint = The version that stands now stays readable, and everybody sees what you changed.
form-again-button = Publish the new version
form-holding = Not ready yet? Give a holding reply
form-holding-label = What is happening until the answer comes?
form-holding-hint = A holding reply does not move the day.
form-holding-button = Publish the holding reply
form-rejoin = Does the answer answer what people said?
form-rejoin-why = Why do you say so?
form-rejoin-button = Publish what you say
form-commit = Promise something
form-commit-label = What will be done?
form-commit-due = By when?
form-commit-button = Publish the promise
form-progress = Report progress, or that it is done
form-progress-label = What has been done so far?
form-progress-button = Publish the progress report
form-deliver-label = It is done: how can people see that?
form-deliver-hint = This closes the promise. It cannot be taken back.
form-deliver-button = Publish that the promise is kept

nav-board = My duties
board-title = My duties
board-nothing = Nothing is owed at the moment.
board-answer = Answer
board-answered = Answered
board-sections = What you have read
board-paper = Read the board’s paper, published as version { $version }
board-no-paper = The paper has not been published yet.
board-reading = If you wish, let the record show which parts you have read. Nothing is noted unless you press. It says that a board member with this link read that part of this version, and when; everybody can see it in the public record, for ever.
board-read = Let the record show that I have read this part
board-read-on = Read on { $when }
section-question = What was asked, and what it feeds
section-took-part = Who took part
section-findings = What was found
section-range = The range of views
section-movement = How views moved during the day
section-quotes = In people’s own words
section-agreement = Agreement and division
section-asks = What people ask for
section-method = Method, coverage and limits
section-duties = Replies that are due
section-record = How to check the paper

became-before = It had been said when version { $version } of the paper was counted.
became-after = It was said after version { $version } of the paper was counted.
became-owed = Duty { $duty }: { $owner } owes this theme an answer by { $due }.
became-promise = Promised:

all-title = What boards owe
all-lead = Every assembly that is held here: what was owed and answered, what was promised and kept. What was not answered stays here, however long ago it was.
all-none = No board owes anything here yet.
all-open = Waiting for an answer
all-open-none = Every answer that was owed has been given.
all-open-promises = Promises that are not kept yet
all-by-year = Year by year
all-year = Year
all-assembly = Assembly
all-owed = Owed
all-answered = Answered
all-late = Answered late
all-due = Due
all-overdue = Overdue
all-made = Promises made
all-kept = Kept
all-kept-late = Kept late
all-open-n = Open
all-promises-overdue = Overdue promises
all-of = { $assembly }, { $year }
all-sum = All of { $year }
index-duties = What boards owe, over the years
duties-all = Duties of all assemblies here
carried-title = First: what is still open from before
carried-lead = { $board } has not yet answered or kept these. They stand on the agenda until it has.
carried-promise = Promise: { $text }
