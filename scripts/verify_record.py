"""What the events of a record say: the fold. What follows from it stands in verify_paper.py.

It is written from FORMAT.md and shares no code with Plenary. Nothing in here reads a file.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field


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
    "contrary-chosen": "theme contribution", "no-contrary": "theme reason",
    "material-shown": "title address hash", "decision-taken": "decision title text changed version on",
    "composition-recorded": "reference invited members attributes",
    "draft-asked": "draft theme", "draft-written": "draft theme model sentences dropped",
    "draft-signed-off": "draft theme model",
    "wording-proposed": "candidate name definition model of", "wording-signed-off": "candidate theme model",
}
TYPES = {"round": int, "version": int, "table": int, "seats": int, "heard_from": int, "said_at": int,
         "read_back": bool, "rule": dict, "until": int, "remote_until": int, "lag_s": int, "seat": int,
         "options": list, "choice": list, "counts": list, "contributions": list, "change": int, "themes": list,
         "learnt": int, "wording": int, "sentences": list, "dropped": int, "span": dict, "phrase": dict, "exemplars": list, "of": int,
         "holidays": list, "progress": dict, "counted_at": int, "duty": int, "commitment": int, "decision": int, "attributes": list, "members": int, "invited": int}
# Where a name means something else in one kind of event.
TYPES_IN = {("table-merged", "into"): (int,), ("table-split", "into"): (int,),
            ("screen-set", "scene"): (str, dict), ("poll-opened", "method"): (str, dict),
            ("poll-opened", "round"): (int, type(None)), ("sample-drawn", "round"): (int, type(None)),
            ("wording-proposed", "of"): (list,), ("theme-proposed", "members"): (list,),
            ("candidate-settled", "theme"): (str, type(None)), ("prose-written", "theme"): (str, type(None)),
            ("duty-owed", "theme"): (str, type(None)), ("material-shown", "hash"): (str, type(None))}
OPTIONAL = {"table", "heard_from", "said_at", "definition", "label", "reason", "until", "seat", "span",
            "statutory", "progress", "prose", "address", "invited"}
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


def composition(said, where):
    """Who took part, as far as it has the shape that it must have, with no small count shown."""
    def fits(cell):
        count = cell.get("shown") if isinstance(cell, dict) and len(cell) == 1 else None
        return cell == "hidden" or type(count) is int and (count == 0 or count > 7)

    for attribute in said["attributes"]:
        need(isinstance(attribute, dict) and sorted(attribute) == ["groups", "name"], where, "has no attribute there")
        need(isinstance(attribute["name"], str) and isinstance(attribute["groups"], list), where, "has no groups there")
        for group in attribute["groups"]:
            need(isinstance(group, dict) and sorted(group) == ["invited", "members", "name", "population"], where,
                 "has no group there")
            need(fits(group["members"]) and (group["invited"] is None or fits(group["invited"])), where,
                 "shows a number of people that is not one, or is too small to be shown")
            need(type(group["population"]) in (int, type(None)) and type(group["name"]) in (str, type(None)), where,
                 "has a group of another type")
    return said


# --- The fold: what the record says happened --------------------------------------------------


@dataclass
class Entry:
    """One contribution."""
    position: int
    at: int
    said: dict
    channel: str
    voice: str | None
    link: str | None
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
    # What an engine made of it last, and the position of the earlier contribution that it copies.
    suggested: set = field(default_factory=set)
    likely: set = field(default_factory=set)
    engine: str | None = None
    copy_of: int | None = None
    # The latest reaction of each voice.
    votes: dict = field(default_factory=dict)
    # When somebody first read it, since it was last put back.
    read_at: int | None = None

    def side(self):
        return SIDES[self.channel]

    def state(self):
        return "themed" if self.themes else {"read": "residue"}.get(self.attention, self.attention)

    def reasons(self):
        return [reason for reason in (self.held, self.aside) if reason is not None]

    def when(self):
        return self.at if self.said["said_at"] is None else self.said["said_at"]

    def marks(self):
        """All that a query can ask for and this contribution has by itself."""
        given = {"round": self.said["round"], "side": self.side(), "channel": self.channel,
                 "table": self.said["table"], "kind": self.said["kind"], "position": self.position,
                 "link": self.link, "copies": self.position}
        states = {"read": self.state() != "unread", self.state(): True, self.standing: True,
                  "corrected": self.corrections > 0, "read-back": self.read_back,
                  "verbatim": self.said["form"] == "verbatim", "copy": self.copy_of is not None,
                  "original": self.copy_of is None, "helped": bool(self.themes & self.suggested)}
        return ([f"{name}={value}" for name, value in given.items()]
                + [f"state={state}" for state, holds in states.items() if holds]
                + [f"theme={theme}" for theme in self.themes]
                + [f"helped={theme}" for theme in self.suggested]
                + [f"suggested={theme}" for theme in self.likely if self.state() == "unread"]
                + ([f"copies={self.copy_of}"] if self.copy_of is not None else [])
                + ([f"engine={tag(self.engine)}"] if self.engine is not None else [])
                + [f"reason={tag(reason)}" for reason in self.reasons()])

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


def tag(reason):
    """A reason in a query: it is a sentence, so its hash stands for it."""
    return hashlib.sha256(reason.encode()).hexdigest()[:16]


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
        # The samples that a contribution was drawn in, and all of them in order with where and when they were drawn.
        self.drawn, self.samples = {}, []
        # Polls in the order in which they were opened, each with its ballots and counts of hands.
        self.polls = {}
        # The other side of a theme as a person has settled it: a contribution's id, or the reason why there is none.
        self.contrary = {}
        # What editors wrote, by theme; what the paper opens with is about none.
        self.prose = {}
        self.composition = None
        self.owed = {}
        for event in events:
            self.apply(event, event["payload"], f"position {event['position']}")
        self.in_order = list(self.entries.values())
        # Of each voice, the themes that something it has said is not in.
        self.elsewhere = {}
        for entry in self.in_order:
            self.elsewhere.setdefault(entry.voice, set()).update(self.themes.keys() - entry.themes)
        self.marked = [(frozenset(entry.marks() + self.marks_in(entry)), entry) for entry in self.in_order]

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
        elif "poll" in payload:
            self.about_poll(event, payload, where)
        elif kind == "no-contrary":
            self.contrary[payload["theme"]] = (None, payload["reason"])
        elif kind == "composition-recorded":
            self.composition = {**composition(payload, where), "position": event["position"]}
        elif kind == "duty-owed":
            self.owed[payload["duty"]] = {"theme": payload["theme"], "due": payload["due"], "replied": None}
        elif kind == "replied" and payload["version"] == 1:
            need(payload["duty"] in self.owed, where, "answers what nobody owes")
            self.owed[payload["duty"]]["replied"] = payload["on"]
        elif kind == "prose-written":
            self.prose[payload["theme"]] = payload["prose"]
        elif kind == "sample-drawn":
            self.samples.append({**payload, "position": event["position"], "at": event["recorded_at"]})
            for contribution in payload["contributions"]:
                self.drawn.setdefault(contribution, []).append(payload["sample"])
        elif kind == "closed":
            self.closed = True

    def contributed(self, event, said, where):
        need(said["contribution"] == event["id"] and event["id"] not in self.entries, where, "has a wrong id")
        need(said["round"] in self.rounds, where, "answers a round that asks nothing")
        need(event["channel"] in CHANNELS, where, "came in by a channel that this program does not know")
        need(event["voice"] is None or re.fullmatch("[0-9a-f]{32}", event["voice"]), where, "has no voice's tag")
        words_at = event["position"] if event["commitment"] else None
        self.entries[event["id"]] = Entry(event["position"], event["recorded_at"], said, event["channel"],
                                          event["voice"], event["device"], words_at,
                                          read_back=said["read_back"])

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
        elif kind == "suggested":
            entry.engine = payload["engine"]
            found = [found for found in payload["themes"] if isinstance(found, dict)]
            entry.suggested = {one["theme"] for one in found}
            entry.likely = {one["theme"] for one in found if one["likely"]}
        elif kind == "alike-found":
            first = self.entries.get(payload["first"])
            need(first is not None, where, "is a copy of what is not in front of it")
            entry.copy_of = first.position
        elif kind == "told-apart":
            entry.copy_of = None
        elif kind == "voted" and event["voice"] is not None:
            entry.votes[event["voice"]] = payload["vote"]
        elif kind == "contrary-chosen":
            self.contrary[payload["theme"]] = (payload["contribution"], None)
        if kind == "put-back":
            entry.read_at = None
        elif entry.attention != "unread" and entry.read_at is None:
            entry.read_at = event["recorded_at"]

    def about_poll(self, event, payload, where):
        kind, poll = event["kind"], self.polls.get(payload["poll"])
        if kind == "poll-opened":
            self.polls[payload["poll"]] = {**payload, "number": len(self.polls) + 1, "opened_at": event["recorded_at"],
                                           "closed_at": None, "remote_until": None, "ballots": {}, "hands": {}}
            return
        need(poll is not None, where, "is about a poll that was not opened")
        table = payload.get("table")
        if kind == "ballot-cast":
            seat = payload["seat"]
            who = event["voice"] or (table, seat)
            if event["voice"] or (table is not None and seat is not None):
                side = "room" if seat is not None else SIDES.get(event["channel"] or "remote")
                poll["ballots"][who] = (payload["choice"], side)
        elif kind == "hand-count-confirmed":
            poll["hands"][table] = payload["counts"]
        elif kind == "poll-closed":
            poll["closed_at"], poll["remote_until"] = event["recorded_at"], payload["remote_until"]

    def marks_in(self, entry):
        """What a query can ask for and only all of the record can tell."""
        elsewhere = self.elsewhere.get(entry.voice, set())
        sole = [theme for theme in entry.themes if entry.voice is not None and theme not in elsewhere]
        return ([f"sole={theme}" for theme in sole]
                + [f"sample={sample}" for sample in self.drawn.get(entry.said["contribution"], [])])

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
