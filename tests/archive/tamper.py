#!/usr/bin/env python3
"""Tampers with an archive in memory and asks scripts/verify.py about every result.

    tamper.py VERIFY.py ARCHIVE mutate COUNT SEED    one byte at a time, at random places
    tamper.py VERIFY.py ARCHIVE attack               what somebody with a purpose would do

Exits with 1 and says so when something went unnoticed, or when verify.py gave up in any other way than by naming
what is wrong.
"""

import base64
import hashlib
import importlib
import os
import random
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def verdict(verify, data, trusted=None):
    """What verify.py finds wrong, or nothing."""
    try:
        verify.verify(data, trusted)
    except verify.Wrong as wrong:
        return str(wrong)
    return None


def mutate(verify, data, count, seed):
    chance, missed, named = random.Random(seed), [], {}
    for _ in range(count):
        place = chance.randrange(len(data))
        changed = bytearray(data)
        changed[place] ^= chance.randrange(1, 256)
        found = verdict(verify, bytes(changed))
        if found is None:
            missed.append(f"byte {place}: {data[place]:#04x} became {changed[place]:#04x}")
        else:
            where = found.split(":")[0].split(",")[0].split(" ")[0]
            named[where] = named.get(where, 0) + 1
    print(f"{count} mutations with seed {seed}: {len(missed)} unnoticed; named: {named}")
    return missed


# --- Attacks: each takes the files of the archive and changes them ----------------------------------


def pack(verify, files):
    packed = b""
    for name, content in files.items():
        packed += verify.tar_header(name.encode(), len(content)) + content + bytes(-len(content) % 512)
    return packed + bytes(1024)


def set_entries(files, entries):
    files["record/entries"] = b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)
    files["record/leaves"] = b"".join(hashlib.sha256(b"\0" + entry).digest() for entry in entries)


def sign(verify, files):
    """Signs what the events give with a key that the attacker has made, and puts that key into the archive."""
    key = Ed25519PrivateKey.generate()
    public = b"\1" + key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    origin = files["checkpoint"].decode().split("\n")[0]
    number = hashlib.sha256(origin.encode() + b"\n" + public).digest()[:4]
    entries = verify.split_entries(files["record/entries"])
    sizes = [int(files[name].split(b"\n")[1]) for name in files if name.startswith("checkpoints/")]
    sizes = [min(size, len(entries)) for size in sizes] + [len(entries)]
    names = [name for name in files if name.startswith("checkpoints/")] + ["checkpoint"]
    roots = verify.roots(entries, set(sizes))
    for name, size in zip(names, sizes):
        text = f"{origin}\n{size}\n{base64.b64encode(roots[size]).decode()}\n"
        signature = base64.b64encode(number + key.sign(text.encode())).decode()
        files[name] = f"{text}\n— {origin} {signature}\n".encode()
    files["vkey"] = f"{origin}+{number.hex()}+{base64.b64encode(public).decode()}\n".encode()


def entries_of(verify, files):
    return verify.split_entries(files["record/entries"])


def drop_an_event(verify, files):
    entries = entries_of(verify, files)
    del entries[300]
    set_entries(files, entries)


def swap_two_events(verify, files):
    entries = entries_of(verify, files)
    entries[300], entries[301] = entries[301], entries[300]
    set_entries(files, entries)


def edit_event(position, change):
    def attack(verify, files):
        entries = entries_of(verify, files)
        changed = change(entries[position - 1])
        assert changed != entries[position - 1]
        entries[position - 1] = changed
        set_entries(files, entries)
    return attack


def back_date(entry):
    before, name, rest = entry.partition(b'"recorded_at":')
    time, comma, rest = rest.partition(b",")
    return before + name + str(int(time) - 3_600_000).encode() + comma + rest


def move_a_theme(verify, files):
    """Gives one assignment to another theme, as somebody would who wants another figure."""
    entries = entries_of(verify, files)
    assigned = [number for number, entry in enumerate(entries) if b'"kind":"assigned"' in entry]
    themes = [entries[number].rpartition(b'"theme":"')[2][:36] for number in assigned]
    other = next(theme for theme in themes if theme != themes[-1])
    entries[assigned[-1]] = entries[assigned[-1]].replace(themes[-1], other)
    set_entries(files, entries)


def replace_in(name, old, new):
    def attack(_, files):
        assert old in files[name], old
        files[name] = files[name].replace(old, new, 1)
    return attack


def change_a_quote(verify, files):
    """Changes the same words wherever they stand, so that the documents fit together."""
    paper = verify.parse_json(files["summary.json"].decode(), "summary.json")
    words = next(quote["words"] for finding in paper["findings"] for quote in finding["quotes"])
    first = words.split()[0]
    for name in ("summary.json", "words.jsonl"):
        old = f'"words":"{first}'.encode()
        assert old in files[name]
        files[name] = files[name].replace(old, f'"words":"Not {first}'.encode())


def replay_an_old_checkpoint(_, files):
    files["checkpoint"] = files["checkpoints/000001"]


def swap_words(verify, files):
    lines = files["words.jsonl"].decode().splitlines()
    first, second = [number for number, line in enumerate(lines) if '"salt"' in line][:2]
    one, two = (verify.parse_json(lines[number], "") for number in (first, second))
    lines[first] = verify.write_json({**two, "position": one["position"]})
    lines[second] = verify.write_json({**one, "position": two["position"]})
    files["words.jsonl"] = ("\n".join(lines) + "\n").encode()


def hide_words(verify, files):
    lines = files["words.jsonl"].decode().splitlines()
    place = next(number for number, line in enumerate(lines) if '"salt"' in line)
    position = verify.parse_json(lines[place], "")["position"]
    lines[place] = verify.write_json({"position": position, "not_public": "withdrawn"})
    files["words.jsonl"] = ("\n".join(lines) + "\n").encode()


def leave_a_file_out(_, files):
    del files["tallies.json"]


# Name, what is done, whether the attacker then signs anew with a key of their own, what verify.py must say.
ATTACKS = [
    ("a dropped event", drop_an_event, False, "is over another tree"),
    ("a dropped event, signed anew", drop_an_event, True, "position 301"),
    ("two events in another order", swap_two_events, False, "is over another tree"),
    ("two events in another order, signed anew", swap_two_events, True, "position 301"),
    ("a back-dated event", edit_event(400, back_date), False, "is over another tree"),
    ("a back-dated event, signed anew", edit_event(400, back_date), True, "position 400: was recorded before"),
    ("an assignment to another theme", move_a_theme, False, "is over another tree"),
    ("an assignment to another theme, signed anew", move_a_theme, True, "summary.json: "),
    ("a changed figure", replace_in("summary.json", b'"value":250', b'"value":251'), False, ".value is 251"),
    ("a changed figure in the table", replace_in("summary.csv", b",,,contributions,,250,", b",,,contributions,,251,"), False,
     "summary.csv, line "),
    ("a changed tally", replace_in("tallies.json", b'"voices":', b'"voices":1'), False, "voices is 1"),
    ("a changed quote", change_a_quote, False, "are not the ones that the event commits to"),
    ("an old checkpoint in place of the last", replay_an_old_checkpoint, False, "and the one before it over"),
    ("words of another event", swap_words, False, "are not the ones that the event commits to"),
    ("words that are kept back", hide_words, False, "must open the words"),
    ("a file left out", leave_a_file_out, False, "a file is missing"),
]


def attack(verify, data):
    missed = []
    for name, change, signs, says in ATTACKS:
        files = verify.read_tar(data)
        change(verify, files)
        if signs:
            sign(verify, files)
        found = verdict(verify, pack(verify, files))
        print(f"{name}: {found}")
        if found is None or says not in found:
            missed.append(f"{name}: {found} does not say {says!r}")
    return missed + forge(verify, data)


def forge(verify, data):
    """Another key fits an archive that was made for it; only whoever knows the right key can tell."""
    files = verify.read_tar(data)
    trusted = verify.read_keys(files["vkey"].decode(), "vkey")
    problems = [] if verdict(verify, data, trusted) is None else ["the right key is refused"]
    theirs = files["vkey"]
    sign(verify, files)
    if verdict(verify, pack(verify, files)) is not None:
        problems.append("an archive that was signed anew does not hold together, so other attacks prove nothing")
    found = verdict(verify, pack(verify, files), trusted)
    print(f"a forged checkpoint with its key: {found}")
    files["vkey"] = theirs
    without = verdict(verify, pack(verify, files))
    print(f"a forged checkpoint without its key: {without}")
    if found is None or "is not the key that you trust" not in found:
        problems.append(f"another key: {found}")
    if without is None or "a key that is not trusted" not in without:
        problems.append(f"a signature of another key: {without}")
    return problems


def main():
    sys.path.insert(0, os.path.dirname(sys.argv[1]))
    verify = importlib.import_module("verify")
    with open(sys.argv[2], "rb") as file:
        data = file.read()
    if sys.argv[3] == "mutate":
        missed = mutate(verify, data, int(sys.argv[4]), int(sys.argv[5]))
    else:
        missed = attack(verify, data)
    print("\n".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
