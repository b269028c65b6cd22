# E-mail to whoever wants to be told what a board owes and does: the form, the pages behind the links, the letters.
mail-title = News by e-mail
mail-label = Your e-mail address
mail-what = We write when the paper is published, when the board answers, promises or reports something, and when something is overdue.
mail-kept = Your address is kept on this server for this alone, and deleted as soon as you end it.
mail-button = Tell me by e-mail
mail-bad-address = We cannot write to this address. It has to look like name@example.org, without accents or spaces.
mail-too-many = Very many people have asked within the last hour. Please try again later.
mail-full = No more people can be told of this assembly by e-mail. The Atom feed and the calendar hold the same news.
mail-asked-title = Please look into your mailbox
mail-asked = If this address does not get our news yet, a message is on its way to it. Open the link in it within { $hours } hours and press the button there. Nothing else is sent before that.
mail-asked-missing = Is nothing there after a few minutes? Then please look among your unwanted mail.
mail-confirm-title = News by e-mail?
mail-confirm-button = Yes, tell me by e-mail
mail-confirmed-title = You get our news by e-mail
mail-confirmed = From now on we write to you. The link at the end of each message ends it.
mail-gone-title = This link leads nowhere any more
mail-gone = It was opened more than { $hours } hours after it was asked for, or the messages were ended. You can ask for a new one here.
mail-stop-title = No more e-mail?
mail-stop = Press the button, and we write to you no more about this assembly and delete your address.
mail-stop-button = No more e-mail, please
mail-stopped-title = No more e-mail
mail-stopped = We write to you no more about this assembly. Your address is deleted on this server.
problem-no-mail = This server sends no e-mail
problem-no-mail-help = You can follow what a board owes and does with the Atom feed and the calendar on the page of its duties.

letter-confirm-subject = Please confirm: news of “{ $title }”
letter-confirm-who = Somebody, probably you, asked us to write to this address about the assembly “{ $title }”: what { $board } owes to it, and what the board does about it.
letter-confirm-yes = If it was you, please open this page within { $hours } hours and press the button on it:
letter-confirm-no = If it was not you, please do nothing. We do not write again, and your address is deleted.
letter-subject = { $title }: { $news }
letter-news = { $n ->
    [one] 1 step on what the board owes
   *[other] { $n } steps on what the board owes
}
letter-published = Version { $version } of the paper was published, with { $n ->
    [0] no new duty
    [one] 1 new duty
   *[other] { $n } new duties
} to answer
letter-overdue = Overdue: { $owner } owed an answer to “{ $name }” by { $due } (duty { $duty })
letter-promise-overdue = Overdue: { $owner } promised something by { $due } (promise { $promise })
letter-all = Everything that the board owes:
letter-why = You get this because you asked for it and confirmed it. Here you end it, and your address is deleted:
letter-stop = Here you delete your address at once:
