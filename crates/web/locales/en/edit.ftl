# Where the paper is written and published.

nav-edit = Write the paper
edit-title = Write the paper
edit-lead = The paper counts itself. What you write here stands around its figures, under your assembly's name.
edit-figures = Place a number by its name in double square brackets, such as [[tables]]. It is counted again wherever it is shown, and whoever reads it can walk back to the words behind it. Typed numbers are refused. To count a part, add it: [[contributions round=2]] or [[tables kind=concern]].
edit-opening = How the paper opens
edit-prose = What you want to say
edit-empty = An empty box takes back what was there.
edit-keep = Put it into the paper
