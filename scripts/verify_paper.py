"""What the evidence summary and the tallies say of a record: every figure that follows from the fold in verify_record.py.

verify.py computes with this what an archive must say. It is written from the words of the paper, and shares no code with
Plenary. Nothing in here reads a file.
"""

import functools
import re

from verify_record import CHANNELS, need, tag

SUMMARY_FORMAT = "plenary-evidence-summary/v3"

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
    if unit in MEMBERS:
        return of_members(assembly, query, unit) or 0
    if unit == "burst-chance":
        return burst_chance(assembly, query)
    if unit in ("ballots", "votes"):
        return cast(assembly, query, unit)
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


# --- Who took part: people, of whom the record knows counts only --------------------------------

MEMBERS = ("invited", "members", "declared", "hidden-members", "population", "share",
           "population-share", "points-over", "points-under")


def shown(cell):
    return cell["shown"] if isinstance(cell, dict) else None


def hundredths(value, of):
    """Rounded half up; of nobody there is none."""
    return (200 * value + of) // (2 * of) if of else None


def of_members(assembly, query, unit):
    """What the table of members says, or None where it says nothing or hides it."""
    said = assembly.composition
    if said is None:
        return None
    asked = {name: int(number) for name, number in (pair.split("=") for pair in query.split("&") if pair)}
    if not asked:
        return said.get(unit) if unit in ("members", "invited") else None
    groups = said["attributes"][asked["attribute"] - 1]["groups"]
    silent = [shown(group["members"]) for group in groups if group["name"] is None]
    declared = None if None in silent else said["members"] - sum(silent)
    people = [group["population"] for group in groups if group["population"] is not None]
    population = sum(people) if people else None
    if "group" not in asked:
        told = sum(shown(group["members"]) or 0 for group in groups)
        return {"population": population, "declared": declared, "hidden-members": said["members"] - told,
                "members": said["members"], "invited": said["invited"]}.get(unit)
    group = groups[asked["group"] - 1]
    members = shown(group["members"])
    if unit in ("population", "members", "invited"):
        return {"population": group["population"], "members": members, "invited": shown(group["invited"])}[unit]
    here = there = None
    if None not in (members, group["name"]):
        here = hundredths(members, said["members"] if declared is None else declared)
    if None not in (population, group["population"]):
        there = hundredths(group["population"], population)
    if unit in ("share", "population-share"):
        return here if unit == "share" else there
    if None in (here, there):
        return None
    return max(0, here - there if unit == "points-over" else there - here)


def represented(assembly):
    said = assembly.composition
    if said is None:
        return None

    def people(query, unit, of=None):
        if of_members(assembly, query, unit) is None:
            return None
        return {**figure(assembly, query, unit, of and (of[0], of[1])), "suppression": "small-cells"}

    def group(attribute, number, known):
        whole, query = f"attribute={attribute}", f"attribute={attribute}&group={number}"
        told = "declared" if known["name"] is not None and of_members(assembly, whole, "declared") is not None else "members"
        over = of_members(assembly, query, "points-over")
        return {"group": number, "name": known["name"], "population": people(query, "population", (whole, "population")),
                "population_share": people(query, "population-share"),
                "invited": people(query, "invited", (whole, "invited")),
                "members": people(query, "members", (whole, told)), "share": people(query, "share"),
                "gap": people(query, "points-over" if over else "points-under")}

    def attribute(number, known):
        whole = f"attribute={number}"
        return {"attribute": number, "name": known["name"], "declared": people(whole, "declared", (whole, "members")),
                "hidden_members": people(whole, "hidden-members", (whole, "members")),
                "groups": [group(number, *one) for one in enumerate(known["groups"], 1)]}

    return {"reference": said["reference"], "recorded": said["position"], "invited": people("", "invited"),
            "members": people("", "members"),
            "attributes": [attribute(*one) for one in enumerate(said["attributes"], 1)]}


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


def objects(value):
    """Those of a list that are objects; of anything else, none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


class Told:
    """What the paper has quoted: nothing twice, and no voice twice in a row."""

    def __init__(self):
        self.used, self.last = set(), None

    def may_follow(self, entry):
        return entry.position not in self.used and (entry.voice is None or entry.voice != self.last)

    def tell(self, entry):
        need(self.may_follow(entry), "summary.json", f"quotes position {entry.position} twice, or its voice in a row")
        self.used.add(entry.position)
        self.last = entry.voice


def pinned(entry, words, theme):
    """The quote of a contribution, or the piece of it that was pinned for the theme."""
    right, said = quote(entry, words), words[entry.words_at].encode()
    if theme in entry.pins:
        pin = entry.pins[theme]
        piece = said[pin["from"]:pin["to"]] if pin else b""
        cut = {"span": pin, "words": piece.decode(errors="replace")} if piece and pin["to"] <= len(said) else {}
        right.update(pinned=True, **cut)
    return right


def backing(assembly, entry, units):
    query = f"position={entry.position}"
    return {unit.replace("-", "_"): figure(assembly, query, unit, None if unit == "heard-from" else (query, "reactions"))
            for unit in units}


def contrary(assembly, theme, entries, words, told):
    """The contrary view by its rule, and the contribution that it is."""
    settled, reason = assembly.contrary.get(theme, (None, None))
    if reason is not None:
        return {"how": "none-for-a-reason", "quote": None, "reason": reason, "backing": None}, None
    may_stand = [entry for entry in entries if entry.hidden() is None and told.may_follow(entry)]
    chosen = [entry for entry in may_stand if entry.said["contribution"] == settled]
    concerns = [entry for entry in may_stand if entry.said["kind"] == "concern"]
    strongest = min(concerns, default=None, key=lambda entry: (
        -(entry.said["heard_from"] or 0), -reactions([entry], "agree"), entry.said["form"] == "paraphrase",
        entry.position))
    how = "chosen" if chosen else "most-backed-concern"
    strongest = chosen[0] if chosen else strongest
    if strongest is None:
        return {"how": "none-found", "quote": None, "reason": None, "backing": None}, None
    return {"how": how, "quote": pinned(strongest, words, theme), "reason": None,
            "backing": backing(assembly, strongest, ("heard-from", "agree", "disagree"))}, strongest


def disputed(assembly, entries):
    against = [entry for entry in entries if entry.hidden() is None and reactions([entry], "disagree")]
    most = min(against, default=None, key=lambda entry: (-reactions([entry], "disagree"), entry.position))
    return most and {"position": most.position, **backing(assembly, most, ("agree", "disagree", "pass"))}


def quotes_of(theme, entries, words, told, against, given):
    """The quotes of a finding. Which ones stand for most is the paper's choice; that each is right is for us to see."""
    room = {entry.position: entry for entry in entries
            if entry.said["kind"] != "concern" and entry.hidden() is None and told.may_follow(entry)
            and entry is not against and (entry.voice is None or against is None or entry.voice != against.voice)}

    def checked(found):
        entry = room.get(found["position"]) if isinstance(found.get("position"), int) else None
        need(entry is not None, "summary.json", f"quotes position {found.get('position')}, which it may not quote here")
        told.tell(entry)
        return pinned(entry, words, theme)

    quotes = [checked(found) for found in objects(given.get("quotes"))]
    need(quotes or not room, "summary.json", "leaves out quotes that it could have")
    if against is not None:
        told.tell(against)
    return quotes


def asks(assembly, words, told):
    """The proposals that stand in a theme; those that are read at a glance come before the others."""
    def rank(entry):
        return (not entry.read_back, -(entry.said["heard_from"] or 0), entry.said["form"] == "paraphrase",
                entry.position)

    def in_turn(entries):
        chosen, last = [], told.last
        for entry in entries:
            if len(chosen) < 5 and (entry.voice is None or entry.voice != last):
                chosen.append(quote(entry, words))
                last = entry.voice
        return chosen

    public = [entry for entry in select(assembly, "kind=proposal") if entry.themes and entry.hidden() is None]
    public = sorted(public, key=rank)[:200]
    return in_turn([entry for entry in public if 40 <= len(words[entry.words_at]) <= 320]) or in_turn(public)


# --- What editors wrote, with its figures ----------------------------------------------------------

ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NUMBER = "[1-9][0-9]*"
# The parts of a query in the order in which they are written, and what each may be.
PARTS = {
    "theme": ID, "round": NUMBER, "side": "room|remote|other", "channel": "|".join(CHANNELS), "table": NUMBER,
    "kind": "point|story|proposal|question|concern|quotable",
    "state": "read|themed|set-aside|residue|unread|held|withdrawn|erased|corrected|read-back|verbatim|copy|original|helped",
    "copies": NUMBER, "position": NUMBER, "link": ID, "but-link": ID, "suggested": ID, "helped": ID,
    "engine": "[0-9a-f]{16}", "reason": "[0-9a-f]{16}", "sole": ID, "sample": ID, "poll": ID, "option": NUMBER}


def written(parts):
    return "&".join(f"{name}={parts[name]}" for name in PARTS if name in parts)


def placed_figure(assembly, theme, inner):
    """The figure that stands between brackets, if it is one."""
    unit, *given = inner.split() or [""]
    parts = dict(part.split("=", 1) for part in given if "=" in part)
    known = all(name in PARTS and re.fullmatch(PARTS[name], value) for name, value in parts.items())
    if unit not in ("contributions", "tables", "voices", "heard-from") or not known or len(parts) != len(given):
        return None
    if theme is not None:
        parts.setdefault("theme", theme)
    if unit == "voices":
        parts.setdefault("side", "remote")
    whole = {name: value for name, value in parts.items() if name != "theme"}
    of = SEATED if unit == "tables" else (written(whole), unit)
    return figure(assembly, written(parts), unit, of if "theme" in parts and unit != "heard-from" else None)


def prose(assembly, theme):
    """What an editor wrote about a theme, or for the paper to open with, in pieces."""
    pieces, rest = [], assembly.prose.get(theme) or ""
    while True:
        before, opened, after = rest.partition("[[")
        inner, closed, behind = after.partition("]]")
        if not opened or not closed:
            return pieces + ([{"text": rest}] if rest else [])
        found = placed_figure(assembly, theme, inner)
        pieces += [{"text": before}] if before else []
        pieces.append({"unknown": inner} if found is None else {"figure": found})
        rest = behind


# --- How views moved ----------------------------------------------------------------------------


def jumps(assembly, theme):
    """The three biggest changes of a theme's count that came from the code frame."""
    found = []
    for change in assembly.changes:
        back = change["what"].get("undone")
        undone = assembly.changes[back["change"] - 1] if back else None
        first, other, moved = change["theme"] == theme, change["other"] == theme, change["moved"]
        what, by = (undone or change)["what"], None
        if not moved or not (first or other):
            continue
        if "merged" in what:
            by = moved if (other if undone else first) else None
        elif "split" in what:
            by = (moved if first else None) if undone else (-moved if first else moved)
        elif "retired" in what:
            by = moved if undone else -moved
        if by is not None:
            found.append({"change": change["number"], "at": change["at"], "by": by, "what": what,
                          "undone": undone is not None, "reason": change["reason"]})
    return sorted(found, key=lambda jump: (-abs(jump["by"]), jump["change"]))[:3]


def movement(assembly, theme, entries):
    first, query = min(entries, key=lambda entry: (entry.when(), entry.position)), f"theme={theme}"
    return {"first_heard": {"position": first.position, "at": first.when(), "round": first.said["round"]},
            "by_round": [{"round": number,
                          "tables": figure(assembly, f"{query}&round={number}", "tables", (f"round={number}", "tables")),
                          "remote_voices": figure(assembly, f"{query}&round={number}&side=remote", "voices",
                                                  (f"round={number}&side=remote", "voices"))}
                         for number in sorted(assembly.rounds)],
            "jumps": jumps(assembly, theme)}


def marked(poll, choice):
    """The points that a ballot gives, by option from 1."""
    size = len(poll["options"]) or 3
    return {option: size - 1 - place if poll["method"] == "rank" else 1
            for place, option in enumerate(choice) if 1 <= option <= size}


def cast(assembly, query, unit):
    """Ballots or votes on one side. A confirmed count of hands stands in place of the ballots of its table or the room."""
    asked = dict(part.split("=") for part in query.split("&"))
    poll, side = assembly.polls[asked["poll"]], asked["side"]
    hands = {None: poll["hands"][None]} if None in poll["hands"] else poll["hands"]
    ballots = [choice for who, (choice, where) in poll["ballots"].items()
               if ("remote" if where == "remote" else "room") == side and (
                   side == "remote" or not (None in hands or isinstance(who, tuple) and who[0] in hands))]
    counted = list(hands.values()) if side == "room" else []
    if unit == "ballots":
        often = isinstance(poll["method"], dict) and poll["method"]["choose"]["most"] > 1
        return len(ballots) + sum(max(counts, default=0) if often else sum(counts) for counts in counted)
    option = int(asked["option"])
    return (sum(marked(poll, choice).get(option, 0) for choice in ballots)
            + sum(counts[option - 1] for counts in counted if option <= len(counts)))


def polls(assembly):
    over = [poll for poll in assembly.polls.values()
            if poll["closed_at"] is not None and assembly.as_of > poll["remote_until"]]

    def votes(query, poll, number):
        of = None if poll["method"] == "rank" else (query, "ballots")
        return figure(assembly, f"{query}&option={number}", "votes", of)

    def part(poll):
        on = {side: f"side={side}&poll={poll['poll']}" for side in ("room", "remote")}
        before = [other["number"] for other in over if other["number"] < poll["number"]
                  and all(other[name] == poll[name] for name in ("question", "method", "options"))]
        texts = poll["options"] or [None] * 3
        return {"poll": poll["poll"], "number": poll["number"], "round": poll["round"], "question": poll["question"],
                "method": poll["method"], "opened_at": poll["opened_at"], "closed_at": poll["closed_at"],
                "repeats": max(before, default=None),
                **{side: figure(assembly, query, "ballots") for side, query in on.items()},
                "options": [{"number": number, "text": text,
                             **{side: votes(query, poll, number) for side, query in on.items()}}
                            for number, text in enumerate(texts, 1)]}

    return [part(poll) for poll in over]


# --- The indicators beside a theme --------------------------------------------------------------

THRESHOLDS = {"contributions_at_least": 8, "largest_voice_percent": 25, "largest_voices_percent": 60,
              "largest_link_percent": 50, "largest_link_points_more": 20, "copies_percent": 20, "burst_percent": 500,
              "burst_at_least": 10, "burst_share_percent": 50, "burst_chance_at_most": 100, "rank_places": 3, "missing_points": 5,
              "sides_at_least": 5, "divided_percent": 33}


def share(counted):
    return 100 * counted["value"] // counted["of"] if counted["of"] else 0


def without(assembly, theme, rest):
    query = f"theme={theme}&{rest}"
    return {"tables": figure(assembly, query, "tables", SEATED),
            "remote_voices": figure(assembly, f"theme={theme}&" + in_order("side=remote", rest), "voices",
                                    (in_order("side=remote", rest), "voices")),
            "contributions": figure(assembly, query, of=(rest, "contributions")),
            "rank": figure(assembly, query, "rank", ("", "themes"))}


def in_order(*parts):
    """The parts of a query in the order in which they are written."""
    order = ("side", "state", "but-link")
    return "&".join(sorted(parts, key=lambda part: order.index(part.split("=")[0])))


def largest_link(assembly, theme, entries):
    links = [entry.link for entry in entries if entry.link is not None]
    if not links:
        return None
    link = min(set(links), key=lambda link: (-links.count(link), link))
    return {"link": link,
            "contributions": figure(assembly, f"theme={theme}&link={link}", of=(f"theme={theme}", "contributions")),
            "everywhere": figure(assembly, f"link={link}", of=ALL),
            "without": without(assembly, theme, f"but-link={link}")}


@functools.lru_cache(maxsize=100_000)
def weights(marked, drawn, of):
    """How likely each number of marked ones in a sample is against the others, from the likeliest to both sides."""
    spared = of - marked
    least, most = max(0, drawn - spared), min(drawn, marked)
    top, found = min(max((drawn + 1) * (marked + 1) // (of + 2), least), most), []
    number, weight = top, 1 << 60
    while weight > 0:
        found.append((number, weight))
        weight = weight * ((marked - number) * (drawn - number)) // ((number + 1) * (spared + number + 1 - drawn))
        number += 1
    number, weight = top, 1 << 60
    while number > least and weight > 0:
        weight = weight * (number * (spared + number - drawn)) // ((marked - number + 1) * (drawn - number + 1))
        number -= 1
        found.append((number, weight))
    return found


def fewest(found, drawn, of):
    """The fewest that can be marked without it being unlikely (mid-P, one in forty) to find so many."""
    def likely(marked):
        told = weights(marked, drawn, of)
        doubled = sum(weight * ((number >= found) + (number > found)) for number, weight in told)
        return doubled * 40 > 2 * sum(weight for _, weight in told)

    low, high = found, of - (drawn - found)
    while low < high:
        middle = low + (high - low) // 2
        low, high = (low, middle) if likely(middle) else (middle + 1, high)
    return low


def burst_chance(assembly, query):
    """At most so likely, in ten-thousandths, is a minute as busy as the busiest, had the theme come up when all else did."""
    rest = "&".join(part for part in query.split("&") if not part.startswith("theme="))
    rhythm, theme = per_minute(select(assembly, rest)), per_minute(select(assembly, query))
    busiest, chance = max(theme, default=0), 0
    for said in rhythm:
        if said >= busiest:
            told = weights(said, sum(theme), sum(rhythm))
            tail = sum(weight for number, weight in told if number >= busiest)
            chance += (tail << 40) // sum(weight for _, weight in told)
    return min(10_000, (chance * 10_000 >> 40) + 1)


def estimate(assembly, sample, theme):
    """What was in the theme outside of what the sample was drawn from, which is counted, and in it, which is estimated."""
    drawn = [assembly.entries[one] for one in sample["contributions"]]
    gone = sum(1 for entry in drawn
               if entry.state() == "unread" and (entry.standing != "stands" or entry.words_at is None))
    readable, of = len(drawn) - gone, sample["of"] - gone
    if readable == 0 or sum(1 for entry in drawn if entry.state() != "unread") < readable:
        return None
    found = min(sum(1 for entry in drawn if theme in entry.themes), readable)
    outside = sum(1 for entry in select(assembly, f"theme={theme}")
                  if not (entry.position < sample["position"]
                          and (entry.read_at is None or entry.read_at > sample["at"])))
    return {"low": outside + fewest(found, readable, of),
            "high": outside + of - fewest(readable - found, readable, of)}


def audit(assembly, theme):
    whole = [sample for sample in assembly.samples if sample["purpose"] == "audit" and sample["round"] is None]
    if not whole:
        return None
    query = f"sample={whole[-1]['sample']}"
    read = f"state=read&{query}"
    return {"sample": whole[-1]["sample"], "read": figure(assembly, read, of=(query, "contributions")),
            "in_theme": figure(assembly, f"theme={theme}&{read}", of=(read, "contributions")),
            "estimate": estimate(assembly, whole[-1], theme)}


def indicators(assembly, theme, entries):
    query, said = f"theme={theme}", (f"theme={theme}", "contributions")

    def of(more="", unit="contributions"):
        return figure(assembly, f"{query}&{more}" if more else query, unit, said)

    found = {"voices": figure(assembly, query, "voices", ("", "voices")),
             "largest_voice": of(unit="largest-voice"), "largest_voices": of(unit="largest-voices"),
             "corrected": of("state=corrected"), "held": of("state=held"),
             "by_channel": [of(f"channel={name}") for name in CHANNELS], "links": figure(assembly, query, "links"),
             "largest_link": largest_link(assembly, theme, entries), "copies": of("state=copy"),
             "largest_family": of(unit="largest-family"),
             "without_copies": without(assembly, theme, "state=original"),
             "busiest_minute": of(unit="busiest-minute"), "median_minute": of(unit="median-minute"),
             "burst_chance": figure(assembly, query, "burst-chance"),
             "within_a_second": of(unit="within-a-second"),
             "sole_voices": figure(assembly, f"{query}&sole={theme}", "voices", (query, "voices")),
             "rank": figure(assembly, query, "rank", ("", "themes")),
             "rank_in_room": figure(assembly, f"{query}&side=room", "rank", ("", "themes")), "worst_rank": 0,
             "helped": of(f"helped={theme}"), "audit": audit(assembly, theme)}
    link, least = found["largest_link"], THRESHOLDS
    ranks = [found["rank"], found["rank_in_room"], found["without_copies"]["rank"]]
    found["worst_rank"] = max(rank["value"] for rank in ranks + ([link["without"]["rank"]] if link else []))
    busiest, median = found["busiest_minute"]["value"], found["median_minute"]["value"]
    over = {
        "one-voice": share(found["largest_voice"]) >= least["largest_voice_percent"],
        "few-voices": share(found["largest_voices"]) >= least["largest_voices_percent"],
        "one-link": link is not None and share(link["contributions"]) >= max(
            least["largest_link_percent"], share(link["everywhere"]) + least["largest_link_points_more"]),
        "copies": share(found["copies"]) >= least["copies_percent"],
        "burst": busiest >= least["burst_at_least"] and (
                     100 * busiest // median >= least["burst_percent"]
                     or share(found["busiest_minute"]) >= least["burst_share_percent"])
                 and found["burst_chance"]["value"] <= least["burst_chance_at_most"],
        "rank-moves": found["worst_rank"] >= found["rank"]["value"] + least["rank_places"]}
    enough = len(entries) >= least["contributions_at_least"]
    untold = {"who-was-verified": True, "who-has-two-phones": True, "voices": not found["voices"]["value"],
              "links": not found["links"]["value"], "times": not busiest, "audit-sample": found["audit"] is None,
              "who-was-not-reached": assembly.composition is None}
    return {**found, "hints": [hint for hint, holds in over.items() if enough and holds],
            "untold": [what for what, holds in untold.items() if holds]}


# --- Agreement and division -----------------------------------------------------------------------


def agreement(assembly, words):
    """What people at home agreed about, and what divided them; no voice twice in a row."""
    taken = [(entry, reactions([entry], "agree"), reactions([entry], "disagree"))
             for entry in assembly.in_order if entry.hidden() is None]
    taken = [one for one in taken if one[1] + one[2] >= THRESHOLDS["sides_at_least"]]
    united = [one for one in taken if 100 * min(one[1:]) < THRESHOLDS["divided_percent"] * (one[1] + one[2])]
    divided = [one for one in taken if one not in united]
    last = None

    def listed(found, rank):
        nonlocal last
        judged = []
        for entry, *_ in sorted(found, key=lambda one: (*rank(*one[1:]), one[0].position)):
            if len(judged) < 5 and (entry.voice is None or entry.voice != last):
                query, last = f"position={entry.position}", entry.voice
                judged.append({"quote": quote(entry, words), **{
                    unit: figure(assembly, query, unit, (query, "reactions")) for unit in ("agree", "disagree", "pass")}})
        return judged

    return {"united": listed(united, lambda agree, disagree: (-max(agree, disagree), min(agree, disagree))),
            "divided": listed(divided, lambda agree, disagree: (-agree - disagree, abs(agree - disagree)))}


# --- The parts of the paper ---------------------------------------------------------------------

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
            "silent_tables": [table for table in assembly.seated() if table not in heard],
            "represented": represented(assembly)}


def findings(assembly, words, given):
    found, told = [], Told()
    given = {str(finding.get("theme")): finding for finding in objects(given)}
    for rank, theme in enumerate(ranked_themes(assembly), 1):
        query = f"theme={theme.id}"
        entries = select(assembly, query)
        if not entries:
            continue
        against, entry = contrary(assembly, theme.id, entries, words, told)
        quotes = quotes_of(theme.id, entries, words, told, entry, given.get(theme.id) or {})
        found.append({
            "rank": rank, "theme": theme.id, "name": theme.name, "definition": theme.definition,
            "prose": prose(assembly, theme.id), "tables": figure(assembly, query, "tables", SEATED),
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
            "quotes": quotes, "contrary": against, "disputed": disputed(assembly, entries),
            "movement": movement(assembly, theme.id, entries),
            "indicators": indicators(assembly, theme.id, entries)})
    return found, told


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


def owed(assembly, theme):
    found = [(number, owed) for number, owed in sorted(assembly.owed.items()) if owed["theme"] == theme]
    return {"duty": found[0][0], "due": found[0][1]["due"], "replied": found[0][1]["replied"]} if found else None


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
            due.append({"theme": theme.id, "name": theme.name, "owed": owed(assembly, theme.id), "tables": tables,
                        "remote_voices": most})
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
    found, told = findings(assembly, words, given.get("findings") if isinstance(given, dict) else [])
    return {"format": SUMMARY_FORMAT, "status": "draft", "position": assembly.position, "as_of": assembly.as_of,
            **{name: about[name] for name in ("title", "purpose", "board", "time_zone")},
            "opening": prose(assembly, None), "questions": questions(assembly), "took_part": took_part(assembly), "ranked_by": RANKED_BY,
            "findings": found, "thresholds": THRESHOLDS, "agreement": agreement(assembly, words),
            "polls": polls(assembly), "changes": assembly.changes,
            "asks": asks(assembly, words, told), "method": method(assembly), "duties": duties(assembly),
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
        behind = [] if counted["unit"] in MEMBERS else select(assembly, counted["query"])
        positions = " ".join(str(entry.position) for entry in behind)
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
