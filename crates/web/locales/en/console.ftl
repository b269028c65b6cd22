# The table console and what belongs to it: entries that wait on a tablet, paper cards, the spare tablet.
spare-button = Spare tablet
spare-for = for table { $table }
spare-label = Spare tablet
spare-title = Table { $table }: spare tablet
spare-scan = Scan this with the spare tablet. It is then the console of table { $table }, with all that the table has said so far.
spare-by-hand = The tablet cannot scan
spare-by-hand-hint = Type the address above into its browser, and paste or type this code there:
spare-old = The other tablet may stay. It keeps what it still holds and sends it as soon as it can; both can be typed on at once, and nothing is counted twice.
spare-back = Back to the run of show
col-tablet = Tablet
