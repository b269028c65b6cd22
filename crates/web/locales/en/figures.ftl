# What a figure counts, where it is more than what was said in a theme.
figure-number = { $n }
about-state-helped = In a theme that a machine had suggested
about-helped = A machine had suggested “{ $name }”
about-sole = From voices that spoke of “{ $name }” only
about-engine = Suggested by one machine
about-link = Through the link { $link }
about-but-link = Not through the link { $link }
about-sample = Drawn in a random sample
about-poll = Ballots of a poll, which are not listed one by one
