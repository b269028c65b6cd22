"""What the events of a record say: the fold, and every figure that follows from it.

verify.py computes with this what an archive must say. It is written from FORMAT.md and from the words of the paper, and
shares no code with Plenary. Nothing in here reads a file.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field

SUMMARY_FORMAT = "plenary-evidence-summary/v1"


class Wrong(Exception):
    """Something in the archive is not as it must be; the text says where."""


def need(holds, where, why):
    if not holds:
        raise Wrong(f"{where}: {why}")


def once(pairs):
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a field is named twice")
    return found


DECODER = json.JSONDecoder(object_pairs_hook=once)


def parse_json(text, where):
    try:
        return DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise Wrong(f"{where}: is not JSON: {error}") from None


# --- The events ------------------------------------------------------------------------------

FIELDS = ("v", "assembly", "kind", "schema", "position", "recorded_at", "stream", "channel", "device",
          "voice", "id", "ref", "commitment", "payload")
SIDES = {"room": "room", "paper": "room", "remote": "remote", "nats": "remote", "import": "other"}
CHANNELS = ("room", "remote", "nats", "paper", "import")
KINDS = {
    "convened": "title purpose board time_zone", "table-seated": "table seats",
    "question-asked": "round version title question", "duty-rule-fixed": "rule",
    "link-issued": "link role table label", "link-revoked": "link", "round-opened": "round",
    "round-closed": "round", "closed": "",
    "contributed": "contribution round version table kind form read_back heard_from said_at",
    "corrected": "contribution", "read-back": "contribution", "withdrawn": "contribution",
    "erased": "contribution by reason",
    "held": "contribution reason", "released": "contribution", "theme-named": "theme name definition",
    "theme-renamed": "theme name reason", "theme-defined": "theme definition",
    "theme-merged": "theme into reason", "theme-retired": "theme reason",
    "theme-redefined": "theme definition reason", "change-undone": "change reason", "frame-versioned": "name",
    "theme-split": "theme into name definition contributions reason", "put-back": "contribution",
    "coded-again": "contribution themes", "suggested": "contribution engine learnt themes",
    "alike-found": "contribution first engine", "told-apart": "contribution",
    "quote-pinned": "contribution theme span", "quote-unpinned": "contribution theme",
    "theme-proposed": "candidate engine phrase_of phrase exemplars members", "candidate-settled": "candidate theme",
    "sample-drawn": "sample purpose round seed of contributions",
    "assigned": "contribution theme", "unassigned": "contribution theme", "read": "contribution",
    "set-aside": "contribution reason", "card-keyed": "contribution card", "voted": "contribution vote",
    "countdown-set": "until", "screen-set": "scene", "table-merged": "table into",
    "table-split": "table into seats", "table-moved": "table place",
    "poll-opened": "poll round question method options lag_s", "ballot-cast": "poll choice table seat",
    "hand-count-entered": "poll table counts", "hand-count-confirmed": "poll table counts",
    "poll-closed": "poll remote_until", "understood": "contribution wording model",
    "duty-clock-fixed": "calendar holidays statutory progress", "prose-written": "theme prose",
    "summary-published": "version counted_at hash edition on", "section-opened": "version section",
    "duty-owed": "duty kind theme owner due version on", "holding-reply-given": "duty text on",
    "replied": "duty version text on", "rejoined": "duty version verdict reason on",
    "committed": "duty commitment text owner due on", "progress-reported": "commitment text on",
    "delivered": "commitment text on", "duty-reassigned": "duty owner reason on",
}
TYPES = {"round": int, "version": int, "table": int, "seats": int, "heard_from": int, "said_at": int,
         "read_back": bool, "rule": dict, "until": int, "remote_until": int, "lag_s": int, "seat": int,
         "options": list, "choice": list, "counts": list, "contributions": list, "change": int, "themes": list,
         "learnt": int, "wording": int, "span": dict, "phrase": dict, "exemplars": list, "members": list, "of": int,
         "holidays": list, "progress": dict, "counted_at": int, "duty": int, "commitment": int}
# Where a name means something else in one kind of event.
TYPES_IN = {("table-merged", "into"): (int,), ("table-split", "into"): (int,),
            ("screen-set", "scene"): (str, dict), ("poll-opened", "method"): (str, dict),
            ("poll-opened", "round"): (int, type(None)), ("sample-drawn", "round"): (int, type(None)),
            ("candidate-settled", "theme"): (str, type(None)), ("prose-written", "theme"): (str, type(None)),
            ("duty-owed", "theme"): (str, type(None))}
OPTIONAL = {"table", "heard_from", "said_at", "definition", "label", "reason", "until", "seat", "span",
            "statutory", "progress", "prose"}
CHANGES = {"theme-named", "theme-renamed", "theme-defined", "theme-redefined", "theme-merged", "theme-split",
           "theme-retired", "change-undone"}


def parse_entries(entries):
    """Every event, each in its place."""
    events, last_time, ids = [], 0, set()
    for position, entry in enumerate(entries, 1):
        where = f"position {position}"
        try:
            event = parse_json(entry.decode("utf-8"), where)
        except UnicodeDecodeError:
            raise Wrong(f"{where}: is not UTF-8") from None
        need(isinstance(event, dict) and tuple(event) == FIELDS, where, "has other fields than format 1")
        numbers = [event[name] for name in ("v", "schema", "position", "recorded_at")]
        need(all(type(number) is int for number in numbers), where, "has a number of another type")
        need(numbers[:2] == [1, 1], where, "has a format that this program does not know")
        need(event["position"] == position, where, f"says that its position is {event['position']}")
        need(event["recorded_at"] >= last_time, where, "was recorded before the event in front of it")
        need(event["id"] is None or event["id"] not in ids, where, f"its id {event['id']} is in the record twice")
        kind, payload = event["kind"], event["payload"]
        need(kind in KINDS, where, f"is of the kind {kind!r}, which this program does not know")
        need(isinstance(payload, dict) and sorted(payload) == sorted(KINDS[kind].split()), where,
             f"has other fields than {kind!r} has")
        for name, value in payload.items():
            types = TYPES_IN.get((kind, name), (TYPES.get(name, str),))
            fits = value is None and name in OPTIONAL or type(value) in types
            need(fits, where, f"its field {name!r} is of another type")
        need(position == 1 or event["assembly"] == events[0]["assembly"], where, "is of another assembly")
        need((kind == "convened") == (position == 1), where, "a record begins with 'convened', once")
        words = event["commitment"]
        need(words is None or isinstance(words, str) and re.fullmatch("[0-9a-f]{64}", words), where,
             "its commitment is no hash")
        last_time = event["recorded_at"]
        ids.add(event["id"])
        events.append(event)
    need(events, "record/entries", "is empty")
    return events


# --- The fold: what the record says happened --------------------------------------------------


@dataclass
class Entry:
    """One contribution."""
    position: int
    at: int
    said: dict
    channel: str
    voice: str | None
    words_at: int | None
    themes: set = field(default_factory=set)
    # The number of a change that moved it, and whether it was in both themes before.
    moves: dict = field(default_factory=dict)
    attention: str = "unread"
    aside: str | None = None
    standing: str = "stands"
    held: str | None = None
    corrections: int = 0
    read_back: bool = False
    # For which themes it was pinned as a quote, with the piece of the words that was meant, if it was one.
    pins: dict = field(default_factory=dict)

    def side(self):
        return SIDES[self.channel]

    def state(self):
        return "themed" if self.themes else {"read": "residue"}.get(self.attention, self.attention)

    def reasons(self):
        return [reason for reason in (self.held, self.aside) if reason is not None]

    def marks(self):
        """All that a query can ask for and this contribution has."""
        given = {"round": self.said["round"], "side": self.side(), "channel": self.channel,
                 "table": self.said["table"], "kind": self.said["kind"]}
        states = {"read": self.state() != "unread", self.state(): True, self.standing: True,
                  "corrected": self.corrections > 0, "read-back": self.read_back,
                  "verbatim": self.said["form"] == "verbatim"}
        return frozenset([f"{name}={value}" for name, value in given.items()]
                         + [f"state={state}" for state, holds in states.items() if holds]
                         + [f"theme={theme}" for theme in self.themes]
                         + [f"reason={reason_tag(reason)}" for reason in self.reasons()])

    def shift(self, number, old, new):
        """Moves it between themes, where it is in the old one."""
        if old.id not in self.themes:
            return
        self.moves[number] = new is not None and new.id in self.themes
        self.themes = self.themes - {old.id} | ({new.id} if new else set())

    def unshift(self, number, old, new):
        """Takes a shift back; what a person has taken out of the new theme since, stays out."""
        if number not in self.moves:
            return False
        both = self.moves.pop(number)
        if new and new.id not in self.themes:
            return False
        self.themes = self.themes - ({new.id} if new and not both else set()) | {old.id}
        return True

    def hidden(self):
        """Why its words are not public, if they are not."""
        if self.standing != "stands":
            return self.standing
        if self.words_at is None:
            return "no-words"
        return None if self.attention == "read" else self.attention


@dataclass
class Theme:
    id: str
    name: str
    definition: str | None
    live: bool = True


class Assembly:
    """The state that the events lead to."""

    def __init__(self, events):
        self.position, self.as_of = len(events), events[-1]["recorded_at"]
        self.about, self.rule, self.closed = events[0]["payload"], None, False
        self.rounds, self.tables, self.themes, self.changes = {}, {}, {}, []
        self.merged, self.entries, self.committed, self.meanings = {}, {}, {}, set()
        for event in events:
            self.apply(event, event["payload"], f"position {event['position']}")
        self.in_order = list(self.entries.values())
        self.marked = [(entry.marks(), entry) for entry in self.in_order]

    def apply(self, event, payload, where):
        kind = event["kind"]
        if event["commitment"] is not None:
            need(kind in ("contributed", "corrected", "understood"), where, "has words and is no contribution")
            self.committed[event["position"]] = payload["contribution"]
        need(not self.closed or kind not in ("contributed", "corrected", "round-opened", "closed"), where,
             "came after the assembly was closed")
        if kind == "contributed":
            self.contributed(event, payload, where)
        elif "contribution" in payload:
            entry = self.entries.get(payload["contribution"])
            need(entry is not None, where, "is about a contribution that is not in front of it")
            self.about_contribution(entry, event, payload, where)
        elif kind in CHANGES:
            self.change(event, payload, where)
        elif kind in ("table-seated", "table-split"):
            table = payload["into" if kind == "table-split" else "table"]
            self.tables[table] = payload["seats"]
            self.merged.pop(table, None)
        elif kind == "table-merged":
            self.merged[payload["table"]] = payload["into"]
        elif kind == "question-asked":
            self.rounds[payload["round"]] = {**payload, "opened_at": None, "closed_at": None}
        elif kind == "duty-rule-fixed":
            self.rule = payload["rule"]
        elif kind in ("round-opened", "round-closed"):
            asked = self.rounds.get(payload["round"])
            need(asked is not None, where, "is about a round that asks nothing")
            opened = kind == "round-opened"
            if not opened or asked["opened_at"] is None:
                asked["opened_at" if opened else "closed_at"] = event["recorded_at"]
            asked["closed_at"] = None if opened else asked["closed_at"]
        elif kind == "closed":
            self.closed = True

    def contributed(self, event, said, where):
        need(said["contribution"] == event["id"] and event["id"] not in self.entries, where, "has a wrong id")
        need(said["round"] in self.rounds, where, "answers a round that asks nothing")
        need(event["channel"] in CHANNELS, where, "came in by a channel that this program does not know")
        need(event["voice"] is None or re.fullmatch("[0-9a-f]{32}", event["voice"]), where, "has no voice's tag")
        words_at = event["position"] if event["commitment"] else None
        self.entries[event["id"]] = Entry(event["position"], event["recorded_at"], said, event["channel"],
                                          event["voice"], words_at, read_back=said["read_back"])

    def about_contribution(self, entry, event, payload, where):
        kind = event["kind"]
        if kind == "corrected":
            need(event["commitment"], where, "corrects without words")
            entry.words_at, entry.corrections = event["position"], entry.corrections + 1
        elif kind == "understood":
            # What the words mean to a model, kept sealed like them and open to nobody.
            need(event["commitment"], where, "understands without saying what")
            need(payload["wording"] == entry.corrections, where, "is about words that were corrected in front of it")
            self.meanings.add(event["position"])
        elif kind == "read-back":
            entry.read_back = True
        elif kind in ("withdrawn", "erased", "held", "released"):
            entry.standing = {"released": "stands"}.get(kind, kind)
            entry.held = payload["reason"] if kind == "held" else None
        elif kind in ("assigned", "unassigned"):
            theme = self.themes.get(payload["theme"])
            need(theme and (theme.live or kind == "unassigned"), where, "is about a theme that is not in use")
            if kind == "assigned":
                entry.themes.add(theme.id)
                entry.attention, entry.aside = "read", None
            else:
                entry.themes.discard(theme.id)
        elif kind in ("read", "set-aside"):
            entry.attention, entry.aside = kind, payload.get("reason")
        elif kind == "quote-pinned":
            entry.pins[payload["theme"]] = payload["span"]
        elif kind == "quote-unpinned":
            entry.pins.pop(payload["theme"], None)
        elif kind == "put-back":
            entry.attention, entry.aside = "unread", None

    def seated(self):
        """The tables that speak for themselves."""
        return sorted(table for table in self.tables if table not in self.merged)

    def tables_counted(self):
        """Those, and the ones that spoke before they were merged into another."""
        spoke = {entry.said["table"] for entry in self.entries.values()}
        return len(self.tables) - sum(1 for table in self.merged if table not in spoke)

    def change(self, event, payload, where):
        """A change of the code frame: it has a number, and `moved` is how many contributions it moved."""
        kind, number = event["kind"], len(self.changes) + 1
        theme, into = self.themes.get(payload.get("theme")), self.themes.get(payload.get("into"))
        of_it = [entry for entry in self.entries.values() if theme and theme.id in entry.themes]
        subject, other, moved = payload.get("theme"), None, 0
        if kind == "theme-named":
            need(theme is None, where, "names a theme that has a name")
            self.themes[subject] = Theme(subject, payload["name"], payload["definition"])
            what = {"named": payload["name"]}
        elif kind == "change-undone":
            subject, other, what, moved = self.undo(payload["change"], number, where)
        else:
            need(theme and theme.live, where, "is about a theme that is not in use")
        if kind == "theme-renamed":
            what = {"renamed": {"from": theme.name, "to": payload["name"]}}
            theme.name = payload["name"]
        elif kind in ("theme-defined", "theme-redefined"):
            what = {"defined": {"name": theme.name, "from": theme.definition, "to": payload["definition"]}}
            theme.definition = payload["definition"]
        elif kind == "theme-merged":
            need(into and into.live and into is not theme, where, "merges into a theme that is not in use")
            moved, subject, other = self.shift(number, theme, into, of_it), into.id, theme.id
            theme.live, what = False, {"merged": {"from": theme.name, "into": into.name}}
        elif kind == "theme-split":
            need(into is None, where, "splits into a theme that there is already")
            into = self.themes[payload["into"]] = Theme(payload["into"], payload["name"], payload["definition"])
            chosen = [entry for entry in of_it if entry.said["contribution"] in payload["contributions"]]
            moved, other = self.shift(number, theme, into, chosen), into.id
            what = {"split": {"from": theme.name, "into": into.name}}
        elif kind == "theme-retired":
            self.shift(number, theme, None, of_it)
            theme.live, what, moved = False, {"retired": theme.name}, len(of_it)
        self.changes.append({"number": number, "position": event["position"], "at": event["recorded_at"],
                             "theme": subject, "other": other, "what": what, "reason": payload.get("reason"),
                             "moved": moved, "undone_by": None})

    def shift(self, number, old, new, of_it):
        """Moves contributions, and says how many of them are new to the theme that they come to."""
        fresh = sum(1 for entry in of_it if new and new.id not in entry.themes)
        for entry in of_it:
            entry.shift(number, old, new)
        return fresh

    def undo(self, undone, number, where):
        need(0 < undone < number and self.changes[undone - 1]["undone_by"] is None, where, "undoes no change")
        change = self.changes[undone - 1]
        change["undone_by"] = number
        theme, other, what = self.themes[change["theme"]], self.themes.get(change["other"]), change["what"]
        moved = 0
        if "renamed" in what:
            theme.name = what["renamed"]["from"]
        elif "defined" in what:
            theme.definition = what["defined"]["from"]
        elif "merged" in what or "retired" in what:
            back, into = (other, theme) if "merged" in what else (theme, None)
            back.live = True
            moved = sum(entry.unshift(undone, back, into) for entry in list(self.entries.values()))
        else:
            need("split" in what, where, "undoes a change that cannot be undone")
            of_it = [entry for entry in self.entries.values() if other.id in entry.themes]
            moved, other.live = self.shift(number, other, theme, of_it), False
        return theme.id, change["other"], {"undone": {"change": undone, "name": theme.name}}, moved

    def live_themes(self):
        return sorted((theme for theme in self.themes.values() if theme.live),
                      key=lambda theme: (theme.name.lower(), theme.id))


# --- Figures: a query, a unit and a count -----------------------------------------------------

def reason_tag(reason):
    """A reason in a query: it is a sentence, so its hash stands for it."""
    return hashlib.sha256(reason.encode()).hexdigest()[:16]


def select(assembly, query):
    """The contributions that a query string asks for, in the order of the record."""
    asked = frozenset(filter(None, query.split("&")))
    return [entry for marks, entry in assembly.marked if asked <= marks]


def count(found, unit):
    if unit == "contributions":
        return len(found)
    if unit == "tables":
        return len({entry.said["table"] for entry in found} - {None})
    if unit == "voices":
        return len({entry.voice for entry in found} - {None})
    most = {}
    for entry in found:
        table, heard = entry.said["table"], entry.said["heard_from"]
        if table is not None and heard is not None:
            most[table] = max(heard, most.get(table, 0))
    return sum(most.values())


def figure(assembly, query="", unit="contributions", of=None):
    return {"value": count(select(assembly, query), unit), "of": of, "unit": unit, "query": query,
            "position": assembly.position}


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


def questions(assembly):
    seated = assembly.tables_counted()
    return [{"round": number, "title": asked["title"], "question": asked["question"], "version": asked["version"],
             "opened_at": asked["opened_at"], "closed_at": asked["closed_at"],
             "contributions": figure(assembly, f"round={number}"),
             "tables": figure(assembly, f"round={number}", "tables", seated),
             "remote_voices": figure(assembly, f"round={number}&side=remote", "voices")}
            for number, asked in sorted(assembly.rounds.items())]


def took_part(assembly):
    heard = {entry.said["table"] for entry in assembly.in_order}
    return {"contributions": figure(assembly), "tables": figure(assembly, "", "tables", assembly.tables_counted()),
            "seats": sum(assembly.tables[table] for table in assembly.seated()), "remote_voices": figure(assembly, "side=remote", "voices"),
            "other_contributions": figure(assembly, "side=other"),
            "other_voices": figure(assembly, "side=other", "voices"),
            "silent_tables": [table for table in assembly.seated() if table not in heard]}


def findings(assembly, words, given):
    found, used = [], set()
    given = {str(finding.get("theme")): finding for finding in objects(given)}
    themes = [(theme, select(assembly, f"theme={theme.id}")) for theme in assembly.live_themes()]
    remote = count(select(assembly, "side=remote"), "voices")
    in_round = {number: len(select(assembly, f"round={number}")) for number in sorted(assembly.rounds)}
    for rank, (theme, entries) in enumerate(sorted(themes, key=lambda pair: -len(pair[1])), 1):
        if not entries:
            continue
        quotes, concern = voices_of(theme.id, entries, words, used, given.get(theme.id) or {})
        query = f"theme={theme.id}"
        found.append({
            "rank": rank, "theme": theme.id, "name": theme.name, "definition": theme.definition,
            "contributions": figure(assembly, query, of=len(assembly.in_order)),
            "tables": figure(assembly, query, "tables", assembly.tables_counted()),
            "heard_from": figure(assembly, query, "heard-from"),
            "remote_voices": figure(assembly, f"{query}&side=remote", "voices", remote),
            "other": figure(assembly, f"{query}&side=other", of=len(select(assembly, "side=other"))),
            "withdrawn": figure(assembly, f"{query}&state=withdrawn"),
            "erased": figure(assembly, f"{query}&state=erased"),
            "by_round": [[number, figure(assembly, f"{query}&round={number}", of=whole)]
                         for number, whole in in_round.items()],
            "quotes": quotes, "concern": concern})
    return found


def method(assembly):
    def of(state):
        return figure(assembly, f"state={state}", of=len(assembly.in_order))

    def because(state, reasons):
        given = sorted({reason for reason in reasons if reason is not None})
        return {reason: figure(assembly, f"state={state}&reason={reason_tag(reason)}") for reason in given}

    aside = [entry.aside for entry in select(assembly, "state=set-aside")]
    return {"read": of("read"), "themed": of("themed"), "set_aside": of("set-aside"), "residue": of("residue"),
            "unread": of("unread"), "corrected": of("corrected"), "withdrawn": of("withdrawn"),
            "erased": of("erased"), "held": of("held"),
            "held_by_reason": because("held", [entry.held for entry in assembly.in_order]),
            "set_aside_by_reason": because("set-aside", aside), "read_back": of("read-back"),
            "verbatim": of("verbatim"), "themes": len(assembly.live_themes())}


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
    when = entry.at if said["said_at"] is None else said["said_at"]
    return {"position": entry.position, "when": when, "round": said["round"], "channel": entry.channel,
            "side": entry.side(), "table": said["table"], "voice": entry.voice, "kind": said["kind"],
            "form": said["form"], "heard_from": said["heard_from"], "read_back": entry.read_back,
            "corrections": entry.corrections, "themes": sorted(entry.themes), "state": entry.state(),
            "reasons": entry.reasons(), "words": None if hidden else words[entry.words_at], "shown": hidden or "words"}


def summary(assembly, words, given):
    """What the record gives; the choice of quotes is taken from the paper that was given, each of them checked."""
    about = assembly.about
    return {"format": SUMMARY_FORMAT, "status": "draft", "position": assembly.position, "as_of": assembly.as_of,
            **{name: about[name] for name in ("title", "purpose", "board", "time_zone")},
            "questions": questions(assembly), "took_part": took_part(assembly),
            "findings": findings(assembly, words, given.get("findings") if isinstance(given, dict) else []), "changes": assembly.changes, "asks": asks(assembly, words),
            "method": method(assembly), "duties": duties(assembly),
            "evidence": [evidence(entry, words) for entry in assembly.in_order]}


def table_rows(paper):
    """The figures in the order of summary.csv: part, theme, figure."""
    whole = paper["took_part"]
    for name in ("contributions", "tables", "remote_voices", "other_contributions", "other_voices"):
        yield "took part", "", whole[name]
    for question in paper["questions"]:
        yield from (("question", "", question[name]) for name in ("contributions", "tables", "remote_voices"))
    for finding in paper["findings"]:
        fixed = ("contributions", "tables", "heard_from", "remote_voices", "other", "withdrawn", "erased")
        figures = [finding[name] for name in fixed] + [figure for _, figure in finding["by_round"]]
        yield from (("finding", finding["name"], figure) for figure in figures)
    for due in (paper["duties"] or {"themes": []})["themes"]:
        yield from (("duty", due["name"], due[name]) for name in ("tables", "remote_voices"))
    handled = paper["method"]
    for name in ("read", "themed", "set_aside", "residue", "unread", "corrected", "withdrawn", "erased", "held",
                 "read_back", "verbatim"):
        yield "method", "", handled[name]
    for reasons in (handled["held_by_reason"], handled["set_aside_by_reason"]):
        yield from (("method", "", figure) for figure in reasons.values())


def table(assembly, paper):
    def cell(value):
        text = "" if value is None else str(value)
        return '"' + text.replace('"', '""') + '"' if re.search('[",\r\n]', text) else text

    lines = [["part", "theme", "round", "unit", "side", "value", "of", "query", "position", "contributions"]]
    for part, theme, counted in table_rows(paper):
        asked = dict(pair.split("=") for pair in counted["query"].split("&") if pair)
        plain = "'" + theme if theme.startswith(("=", "+", "-", "@", "\t", "\r")) else theme
        positions = " ".join(str(entry.position) for entry in select(assembly, counted["query"]))
        lines.append([part, plain, asked.get("round"), counted["unit"], asked.get("side"), counted["value"],
                      counted["of"], counted["query"], counted["position"], positions])
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
    when = [entry.at if entry.said["said_at"] is None else entry.said["said_at"] for entry in said]
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
