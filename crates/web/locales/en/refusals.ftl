# Refusals whose sentence needs no details. The others say theirs themselves.
refused-not-json = This could not be read as a command. Nothing was recorded.
refused-missing-field = Something is missing in this form. Please fill in what it asks for.
refused-text-empty = Please write something first.
refused-busy = Very many people are writing just now. Your words are still here; please send them again in a few seconds.
refused-unavailable = This cannot be recorded just now. Your words are still here; please try again in a few minutes.
