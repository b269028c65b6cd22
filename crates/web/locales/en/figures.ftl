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

# The other side of a finding.
contrary-choose = This is the strongest contrary view
contrary-title = The view against it
contrary-hint = The paper sets the concern that most people backed beside the finding. You can choose another contribution from its list, or say here why there is none. The newest word counts, and everybody can read it.
contrary-none-why = Why there is no contrary view
contrary-none-button = There is none
