"""What the evidence summary and the tallies say of a record: every figure that follows from the fold in verify_record.py.

verify.py computes with this what an archive must say. It is written from the words of the paper, and shares no code with
Plenary. Nothing in here reads a file.
"""

import re

from verify_record import CHANNELS, need, tag

SUMMARY_FORMAT = "plenary-evidence-summary/v2"

# --- Figures: a query, a unit and a count -----------------------------------------------------


def select(assembly, query):
    """The contributions that a query string asks for, in the order of the record."""
    asked = set(filter(None, query.split("&")))
    without = {part for part in asked if part.startswith("but-")}
    asked, without = asked - without, {part.removeprefix("but-") for part in without}
    return [entry for marks, entry in assembly.marked if asked <= marks and not without & marks]


def counts_of(keys):
    """How often each key is there, but for None; the largest number first."""
    counted = {}
    for key in keys:
        if key is not None:
            counted[key] = counted.get(key, 0) + 1
    return sorted(counted.values(), reverse=True)


def heard_from(found):
    most = {}
    for entry in found:
        table, heard = entry.said["table"], entry.said["heard_from"]
        if table is not None and heard is not None:
            most[table] = max(heard, most.get(table, 0))
    return sum(most.values())


def times(found):
    """When things were said, as far as that is known: an import comes in all at once."""
    return sorted(entry.when() for entry in found if entry.channel != "import" or entry.said["said_at"] is not None)


def per_minute(found):
    return counts_of(time // 60_000 for time in times(found))


def reactions(found, *votes):
    return sum(1 for entry in found for vote in entry.votes.values() if vote in votes)


UNITS = {
    "contributions": len,
    "tables": lambda found: len({entry.said["table"] for entry in found} - {None}),
    "voices": lambda found: len({entry.voice for entry in found} - {None}),
    "links": lambda found: len({entry.link for entry in found} - {None}),
    "heard-from": heard_from,
    "largest-voice": lambda found: sum(counts_of(entry.voice for entry in found)[:1]),
    "largest-voices": lambda found: sum(counts_of(entry.voice for entry in found)[:5]),
    "largest-link": lambda found: sum(counts_of(entry.link for entry in found)[:1]),
    "largest-family": lambda found: sum(counts_of(entry.copy_of or entry.position for entry in found)[:1]),
    "busiest-minute": lambda found: sum(per_minute(found)[:1]),
    "median-minute": lambda found: sum(per_minute(found)[len(per_minute(found)) // 2:][:1]),
    "within-a-second": lambda found: sum(1 for one, two in zip(times(found), times(found)[1:]) if two - one < 1_000),
    "reactions": lambda found: reactions(found, "agree", "disagree", "pass"),
    "agree": lambda found: reactions(found, "agree"),
    "disagree": lambda found: reactions(found, "disagree"),
    "pass": lambda found: reactions(found, "pass"),
}


def count(found, unit):
    return UNITS[unit](found)


def count_of(assembly, query, unit):
    """What a figure says: most are about contributions, some about the house."""
    if unit == "seated-tables":
        return assembly.tables_counted()
    if unit == "seats":
        return sum(assembly.tables[table] for table in assembly.seated())
    if unit == "themes":
        return len(assembly.live_themes())
    if unit == "rank":
        theme, rest = query.split("&", 1) if "&" in query else (query, "")
        order = [f"theme={one.id}" for one in ranked_themes(assembly, rest)]
        return order.index(theme) + 1 if theme in order else 0
    return count(select(assembly, query), unit)


def figure(assembly, query="", unit="contributions", of=None):
    """`of` is the query and the unit of what it is of."""
    of_query, of_unit = of or (None, None)
    return {"value": count_of(assembly, query, unit), "of": count_of(assembly, *of) if of else None,
            "of_query": of_query, "of_unit": of_unit, "unit": unit, "query": query, "suppression": "none",
            "position": assembly.position}


RANKED_BY = "tables-then-remote-voices-then-other-voices-then-contributions"


def ranked_themes(assembly, rest=""):
    """The themes in use by the rule of the paper; each counted by what the query asks for besides."""
    def key(theme):
        query = "&".join(filter(None, [f"theme={theme.id}", rest]))
        return (*(-count(select(assembly, query + more), unit)
                  for more, unit in (("", "tables"), ("&side=remote", "voices"), ("&side=other", "voices"),
                                     ("", "contributions"))), theme.name.lower(), theme.id)

    return sorted(assembly.live_themes(), key=key)


# --- The evidence summary ----------------------------------------------------------------------


def quote(entry, words):
    return {"position": entry.position, "words": words[entry.words_at], "form": entry.said["form"],
            "kind": entry.said["kind"], "side": entry.side(), "table": entry.said["table"],
            "read_back": entry.read_back, "span": {"from": 0, "to": len(words[entry.words_at].encode())},
            "pinned": False}


def ranked(entries, words, rank):
    """Quotes of public words, the best first; those that are read at a glance come before the others."""
    public = sorted((entry for entry in entries if entry.hidden() is None),
                    key=lambda entry: (rank(entry), entry.position))
    quotes = [quote(entry, words) for entry in public[:200]]
    fitting = [found for found in quotes if 40 <= len(found["words"]) <= 320]
    return fitting or quotes


def quote_rank(entry):
    kinds = {"quotable": 0, "story": 1, "point": 2, "proposal": 2, "concern": 3, "question": 4}
    return entry.said["form"] == "paraphrase", kinds[entry.said["kind"]], not entry.read_back


def objects(value):
    """Those of a list that are objects; of anything else, none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def voices_of(theme, entries, words, used, given):
    """The quotes of a finding. Which ones stand for most is the paper's choice; that each is right is for us to see."""
    unused = {entry.position: entry for entry in entries if entry.position not in used and entry.hidden() is None}

    def checked(found, concern):
        entry = unused.get(found["position"]) if isinstance(found.get("position"), int) else None
        need(entry is not None, "summary.json", f"quotes position {found.get('position')}, which it may not quote here")
        need((entry.said["kind"] == "concern") == concern, "summary.json", f"position {entry.position} is misplaced")
        right, pin = quote(entry, words), entry.pins.get(theme)
        said = words[entry.words_at].encode()
        if theme in entry.pins:
            piece = said[pin["from"]:pin["to"]] if pin else b""
            cut = {"span": pin, "words": piece.decode(errors="replace")} if piece and pin["to"] <= len(said) else {}
            right.update(pinned=True, **cut)
        return right

    quotes = [checked(found, False) for found in objects(given.get("quotes"))]
    concern = next((checked(found, True) for found in objects([given.get("concern")])), None)
    taken = [found["position"] for found in quotes] + ([concern["position"]] if concern else [])
    need(len(set(taken)) == len(taken), "summary.json", "quotes something twice")
    room = [entry for entry in unused.values() if entry.said["kind"] != "concern"]
    need(quotes or not room, "summary.json", "leaves out quotes that it could have")
    used.update(taken)
    return quotes, concern


def asks(assembly, words):
    def rank(entry):
        return not entry.read_back, -(entry.said["heard_from"] or 0), entry.said["form"] == "paraphrase"

    return ranked([entry for entry in select(assembly, "kind=proposal") if entry.themes], words, rank)[:5]


ALL, SEATED = ("", "contributions"), ("", "seated-tables")


def questions(assembly):
    return [{"round": number, "title": asked["title"], "question": asked["question"], "version": asked["version"],
             "opened_at": asked["opened_at"], "closed_at": asked["closed_at"],
             "contributions": figure(assembly, f"round={number}", of=ALL),
             "tables": figure(assembly, f"round={number}", "tables", SEATED),
             "remote_voices": figure(assembly, f"round={number}&side=remote", "voices", ("side=remote", "voices"))}
            for number, asked in sorted(assembly.rounds.items())]


def took_part(assembly):
    heard = {entry.said["table"] for entry in assembly.in_order}
    return {"tables": figure(assembly, "", "tables", SEATED), "seats": figure(assembly, "", "seats"),
            "remote_voices": figure(assembly, "side=remote", "voices"),
            "other_voices": figure(assembly, "side=other", "voices"), "contributions": figure(assembly),
            **{f"{side}_contributions": figure(assembly, f"side={side}", of=ALL)
               for side in ("room", "remote", "other")},
            "silent_tables": [table for table in assembly.seated() if table not in heard]}


def findings(assembly, words, given):
    found, used = [], set()
    given = {str(finding.get("theme")): finding for finding in objects(given)}
    for rank, theme in enumerate(ranked_themes(assembly), 1):
        query = f"theme={theme.id}"
        entries = select(assembly, query)
        if not entries:
            continue
        quotes, concern = voices_of(theme.id, entries, words, used, given.get(theme.id) or {})
        found.append({
            "rank": rank, "theme": theme.id, "name": theme.name, "definition": theme.definition,
            "tables": figure(assembly, query, "tables", SEATED),
            "heard_from": figure(assembly, query, "heard-from"),
            "remote_voices": figure(assembly, f"{query}&side=remote", "voices", ("side=remote", "voices")),
            "other_voices": figure(assembly, f"{query}&side=other", "voices", ("side=other", "voices")),
            "contributions": figure(assembly, query, of=ALL),
            **{side: figure(assembly, f"{query}&side={side}", of=(f"side={side}", "contributions"))
               for side in ("room", "remote", "other")},
            "withdrawn": figure(assembly, f"{query}&state=withdrawn", of=(query, "contributions")),
            "erased": figure(assembly, f"{query}&state=erased", of=(query, "contributions")),
            "by_round": [[number, figure(assembly, f"{query}&round={number}", of=(f"round={number}", "contributions"))]
                         for number in sorted(assembly.rounds)],
            "quotes": quotes, "concern": concern})
    return found


def method(assembly):
    def of(state):
        return figure(assembly, f"state={state}", of=ALL)

    def because(state, reasons):
        given = sorted({reason for reason in reasons if reason is not None})
        return {reason: figure(assembly, f"state={state}&reason={tag(reason)}", of=(f"state={state}", "contributions"))
                for reason in given}

    aside = [entry.aside for entry in select(assembly, "state=set-aside")]
    engines = sorted({entry.engine for entry in assembly.in_order if entry.engine is not None})
    unread = of("unread")
    return {"read": of("read"), "themed": of("themed"), "set_aside": of("set-aside"), "residue": of("residue"),
            "unread": unread, "corrected": of("corrected"), "withdrawn": of("withdrawn"),
            "erased": of("erased"), "held": of("held"),
            "held_by_reason": because("held", [entry.held for entry in assembly.in_order]),
            "set_aside_by_reason": because("set-aside", aside), "read_back": of("read-back"),
            "verbatim": of("verbatim"), "copies": of("copy"), "themes": figure(assembly, "", "themes"),
            "helped": figure(assembly, "state=helped", of=("state=themed", "contributions")),
            "engines": [{"engine": engine, "suggested": figure(assembly, f"engine={tag(engine)}", of=ALL)}
                        for engine in engines],
            "remainder": {"unread": unread} if unread["value"] else None}


def duties(assembly):
    if assembly.rule is None:
        return None
    due = []
    for theme in assembly.live_themes():
        query = f"theme={theme.id}"
        tables, most = figure(assembly, query, "tables"), None
        for number in sorted(assembly.rounds):
            voices = figure(assembly, f"{query}&round={number}&side=remote", "voices")
            most = voices if most is None or voices["value"] >= most["value"] else most
        most = most or figure(assembly, f"{query}&side=remote", "voices")
        bars = ((tables, assembly.rule["tables_at_least"]), (most, assembly.rule["voices_at_least"]))
        if any(least is not None and reached["value"] >= least for reached, least in bars):
            due.append({"theme": theme.id, "name": theme.name, "tables": tables, "remote_voices": most})
    return {"rule": assembly.rule, "themes": due}


def evidence(entry, words):
    said, hidden = entry.said, entry.hidden()
    return {"position": entry.position, "when": entry.when(), "round": said["round"], "channel": entry.channel,
            "side": entry.side(), "table": said["table"], "voice": entry.voice, "link": entry.link, "kind": said["kind"],
            "form": said["form"], "heard_from": said["heard_from"], "read_back": entry.read_back,
            "corrections": entry.corrections, "themes": sorted(entry.themes), "suggested": sorted(entry.suggested),
            "engine": entry.engine, "copy_of": entry.copy_of,
            "reactions": {vote: reactions([entry], vote) for vote in ("agree", "disagree", "pass")}, "state": entry.state(),
            "reasons": entry.reasons(), "words": None if hidden else words[entry.words_at], "shown": hidden or "words"}


def summary(assembly, words, given):
    """What the record gives; the choice of quotes is taken from the paper that was given, each of them checked."""
    about = assembly.about
    return {"format": SUMMARY_FORMAT, "status": "draft", "position": assembly.position, "as_of": assembly.as_of,
            **{name: about[name] for name in ("title", "purpose", "board", "time_zone")},
            "questions": questions(assembly), "took_part": took_part(assembly),
            "ranked_by": RANKED_BY,
            "findings": findings(assembly, words, given.get("findings") if isinstance(given, dict) else []), "changes": assembly.changes, "asks": asks(assembly, words),
            "method": method(assembly), "duties": duties(assembly),
            "evidence": [evidence(entry, words) for entry in assembly.in_order]}


def table_rows(value, name="", theme=""):
    """The figures in the order of summary.csv: where each stands, the name of its theme, and the figure."""
    if isinstance(value, list):
        for item in value:
            yield from table_rows(item, name, theme)
    elif isinstance(value, dict) and "of_query" in value:
        yield name, theme, value
    elif isinstance(value, dict):
        theme = value["name"] if "theme" in value and "name" in value else theme
        for field in sorted(value):
            if field != "evidence":
                yield from table_rows(value[field], f"{name}/{field}" if name else field, theme)


def table(assembly, paper):
    def cell(value):
        text = "" if value is None else str(value)
        return '"' + text.replace('"', '""') + '"' if re.search('[",\r\n]', text) else text

    named = ("value", "of", "of_unit", "of_query", "query", "suppression", "position")
    lines = [["part", "figure", "theme", "round", "unit", "side", *named, "contributions"]]
    for name, theme, counted in table_rows(paper):
        asked = dict(pair.split("=") for pair in counted["query"].split("&") if pair)
        plain = "'" + theme if theme.startswith(("=", "+", "-", "@", "\t", "\r")) else theme
        positions = " ".join(str(entry.position) for entry in select(assembly, counted["query"]))
        part, _, rest = name.partition("/")
        lines.append([part, rest, plain, asked.get("round"), counted["unit"], asked.get("side"),
                      *(counted[field] for field in named), positions])
    return "".join(",".join(map(cell, line)) + "\n" for line in lines)


# --- The tallies -------------------------------------------------------------------------------


def grouped(keys):
    counts = {}
    for key in sorted(keys):
        counts[key] = counts.get(key, 0) + 1
    return counts


def tally(assembly, theme):
    def of(query="", unit="contributions"):
        return count(select(assembly, f"theme={theme.id}&{query}"), unit)

    said = select(assembly, f"theme={theme.id}")
    when = [entry.when() for entry in said]
    tables = grouped(entry.said["table"] for entry in said if entry.said["table"] is not None)
    rounds = grouped(entry.said["round"] for entry in said)
    return {"theme": theme.id, "name": theme.name, "definition": theme.definition, "contributions": of(),
            "voices": of("", "voices"), "tables": of("", "tables"), "heard_from": of("", "heard-from"),
            "room_contributions": of("side=room"), "remote_voices": of("side=remote", "voices"),
            "remote_contributions": of("side=remote"), "other_contributions": of("side=other"),
            "withdrawn": of("state=withdrawn"), "erased": of("state=erased"),
            "by_channel": {name: of(f"channel={name}") for name in sorted(CHANNELS)},
            "by_table": {str(number): counted for number, counted in tables.items()},
            "by_round": {str(number): counted for number, counted in rounds.items()},
            "over_time": [list(pair) for pair in grouped(time // 60_000 * 60_000 for time in when).items()]}


def tallies(assembly):
    def of(query="", unit="contributions"):
        return count(select(assembly, query), unit)

    themes = [tally(assembly, theme) for theme in assembly.live_themes()]
    states = ("read", "themed", "set-aside", "residue", "unread", "held", "withdrawn", "erased")
    return {"position": assembly.position, "round": None,
            "of": {"contributions": of(), "tables": assembly.tables_counted(), "tables_heard": of("", "tables"),
                   "remote_voices": of("side=remote", "voices"), "other_contributions": of("side=other")},
            "themes": sorted(themes, key=lambda theme: (-theme["contributions"], theme["name"])),
            "coverage": {"contributions": of(), **{state.replace("-", "_"): of(f"state={state}") for state in states}}}
