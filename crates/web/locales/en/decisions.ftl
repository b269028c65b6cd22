# What the board decided: the form, the list, and the evidence of how each decision was taken.
decisions-title = What the board decided
decisions-lead = Each decision stands here as the board recorded it, with what changed because of what people said, and with the evidence of how it was taken.
decisions-none = The board has not recorded a decision yet.
decisions-on = Decided on { $day }
decisions-before = { $version } of the paper lay before the board
decisions-changed = What changed because of what was heard
decisions-evidence = How it was taken: the evidence
decisions-duties = What the board owes, and what it answered
decisions-all = All decisions
decision-n = Decision { $n }

decide-title = A decision
decide-lead = Record what the board decided, so that everybody can see what became of what they said. From it comes a page, and one file, of how the decision was taken: who was asked when, what they were given to read, how long they had, and what was considered.
decide-name = What was decided about
decide-text = What was decided, and why
decide-changed = What changed because of what was heard
decide-changed-hint = It cannot be left empty. “Nothing changed, because …” is an answer.
decide-version = Which version of the paper lay before the board?
decide-button = Publish the decision
decide-later = Once the paper is published, a decision can be recorded here.

evidence-title = How it was decided
evidence-of = { $assembly }: how a decision was taken
evidence-html = As one file (HTML)
evidence-pdf = To print (PDF)
evidence-json = As open data (JSON)
evidence-decided = What was decided
evidence-changed = What changed because of what was heard
evidence-changed-own = This and what was decided are the board’s own words.
evidence-short = In short
evidence-lay = { $version } of the paper lay before the board. It was published on { $when }, { $apart }.
evidence-newer = { $version } had been published by then, and is not the one that lay before it.
evidence-formative = What came before the decision
evidence-informed = What people were given to read
evidence-time = How long people had
evidence-considered = What was considered, and when
evidence-silent = What the record cannot tell
evidence-check = How to check it
evidence-check-how = Every line names a position in the record, and the event that stands there says the same. With { $position } in the place of POSITION the first command writes this again at any time, byte for byte; the second writes an archive with every event in it, which a program that shares nothing with ours verifies.
evidence-command =
    plenary evidence ASSEMBLY --at POSITION --format html --out FOLDER
    plenary export ASSEMBLY --out day.tar
    scripts/verify.py day.tar --vkey KEY
evidence-before = { $days ->
    [0] earlier on the day of the decision
    [one] 1 day before the decision
   *[other] { $days } days before the decision
}
evidence-after = { $days ->
    [0] later on the day of the decision
    [one] 1 day after the decision
   *[other] { $days } days after the decision
}

principle-formative = The first principle of a fair consultation (Gunning): people are asked while the proposal is still formative.
principle-informed = The second principle: people are told enough to consider it and to answer.
principle-time = The third principle: people have enough time to consider it and to answer.
principle-considered = The fourth principle: what people said is conscientiously taken into account before the decision.

col-step = What happened
col-when = When
col-apart = To the decision
col-record = In the record
col-material = What it is
col-since = Recorded as shown
col-stand = To the first round
col-round = Round
col-opened = Opened
col-closed = Closed
col-open-for = Open for
col-way = Way
col-said = What was said
col-first = First recorded
col-last = Last recorded
col-part = Part of the paper
col-reader = Board member
col-duty = Duty
col-owed = Owed since
col-answered = Answered
col-verdict = What the representatives say

short-asked = The first question was fixed on { $when }, { $apart }.
short-asked-nothing = No question stands in the record.
formative-caption = What was fixed and asked, and what was decided, in the order of the record
formative-first = No earlier decision stands in this record.
formative-earlier = Earlier decisions of the board stand among these steps.
formative-no-poll = No poll put options to people.
step-convened = The assembly was convened
step-rule = The rule was fixed: which themes get a written answer, from whom and by when
step-clock = The calendar was fixed by which days are counted
step-asked = { $round } was asked: { $question }
step-asked-again = { $round } was asked anew: { $question }
step-poll = { $poll } was put: { $question } ({ $options })
poll-lights = red, amber or green
step-decided = { $decision } was recorded: { $title }
step-taken = This decision was recorded
step-none = the decision itself

short-shown = What people were given to read has been in the record since { $when }, { $stand }.
short-shown-nothing = Nothing is recorded as given to people to read.
informed-caption = What was recorded as shown, with its address and its hash where there is one
informed-nothing = The record names nothing that people were given to read, so it cannot show what they knew. What stood in the questions is named above.
material-open = Look at it
stand-before = before the first round
stand-later = after the first round had opened
stand-after = after the decision

short-time = Rounds were open from { $from } until { $to }, { $apart }.
short-time-open = Rounds have been open since { $from }, and one still is.
short-time-nothing = No round was opened.
time-caption = When people could answer
time-still-open = still open
time-home = People at home could take part from { $when } on, when the first link for them was made ({ $position }), and speak for as long as a round was open.
time-no-home = No link was made for people at home.
time-poll = { $poll } was open from { $from } ({ $position }), and for people at home until { $until }.
ways-caption = By which ways people spoke
length-seconds = { $n ->
    [one] 1 second
   *[other] { $n } seconds
}
length-minutes = { $n ->
    [one] 1 minute
   *[other] { $n } minutes
}
length-hours = { $n ->
    [one] 1 hour
   *[other] { $n } hours
}{ $minutes ->
    [0] {""}
    [one] {" "}1 minute
   *[other] {" "}{ $minutes } minutes
}
length-days = { $n ->
    [one] 1 day
   *[other] { $n } days
}{ $hours ->
    [0] {""}
    [one] {" "}1 hour
   *[other] {" "}{ $hours } hours
}

considered-version = Published on { $when } ({ $position }), { $apart }.
considered-counted = It was counted at { $position }.
considered-lay = This version lay before the board.
considered-nobody = Nobody on the board has let the record show that they have read a part of it.
considered-caption = Parts that somebody on the board said to have read
considered-opt-in = A board member who wishes can let the record show that they have read a part. Nothing is noted unless they press, so a receipt that is missing says nothing.
considered-link = link of position { $position }
considered-reader = A board member
answers-title = What each theme that was owed an answer got
answers-none = No duty has arisen, so no answer was owed.
answers-caption = Every duty, as it stood at the end of the record
answers-due = due on { $due }
answers-holding = Holding reply on { $when } ({ $position }).
answers-reply = Answered on { $when } ({ $position }).
answers-again = A new version of the answer on { $when } ({ $position }).
answers-in-time = In time.
answers-late = { $days ->
    [one] 1 day late.
   *[other] { $days } days late.
}
answers-after = After the decision.
answers-open = Not answered; { $left }.
answers-overdue = Not answered; { $late }.
answers-no-verdict = They have not said anything.

silent-mind = Whether the board’s mind was still open. The record shows what came first, and no more than that.
silent-receipts = Whether anybody read a paper or a part of it. A receipt says that somebody with that link pressed a button; a receipt that is missing says nothing.
silent-material = Whether what people were given to read was true, fair or enough, and whether they had it in their hands sooner than it was recorded.
silent-reach = Who did not know that they could take part, or could not. The paper says who took part, and the organisers who was asked.
silent-clock = Whether the server’s clock was right. That one event came before another is certain; the times are those of the machine that wrote them down.
silent-own = What was said, read or agreed outside this assembly, and whether what the board says of the change is so.
