# Polls: how a ballot is marked, and what came of it.
poll-how-temperature = Red, amber or green: choose one.
poll-how-choose = { $most ->
    [one] Choose one.
   *[other] Choose up to { $most }.
}
poll-how-rank = Put them in your order, the most important first.
poll-n-of = { $n } of { $of }
poll-points = { $n ->
    [one] 1 point
   *[other] { $n } points
}, first for { $first } of { $of }
poll-room-voted-of = In the room { $n } of { $of } seats have voted.
poll-room-voted = In the room { $n } have voted.
poll-remote-voted = At home { $n } have voted.
poll-unconfirmed = { $n ->
    [one] One count of hands waits for a second person and is not counted yet.
   *[other] { $n } counts of hands wait for a second person and are not counted yet.
}
temperature-red = Red
temperature-amber = Amber
temperature-green = Green
