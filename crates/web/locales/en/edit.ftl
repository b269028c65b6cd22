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
