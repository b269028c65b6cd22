#!/usr/bin/env python3
"""Verify an archive that `plenary export` wrote, without any part of Plenary.

It parses every event itself and computes the tree over them again (RFC 6962), verifies every
checkpoint (C2SP signed note, Ed25519) and that the tree only grew between them, opens the
commitment of every word that is public and accepts no other reason for a missing one than the
record gives, folds the events, and counts every figure of summary.json, summary.csv and
tallies.json again. All bytes of the archive must be the ones that follow from the record.

Exit code: 0 if everything holds, 1 if something does not (one line says where), 2 if it could
not be tried. Needs verify_record.py and verify_paper.py beside it, Python 3.11 or later, and one
package:
python3 -m pip install cryptography==50.0.2
"""

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    sys.exit("verify.py: needs one package: python3 -m pip install cryptography==50.0.2")

from verify_paper import summary, table, table_rows, tallies
from verify_record import Assembly, Wrong, need, parse_entries, parse_json

README_SHA256 = {"6bd089739931a888e7550175722eb4c12a7ba1f9c9cca31334aad03767310722"}
FILES = ("README.txt", "vkey", "checkpoint", "record/entries", "record/leaves",
         "words.jsonl", "summary.json", "summary.csv", "tallies.json")


# --- The archive: a ustar file in which nothing is free to vary ------------------------------


def tar_header(name, size):
    """The one header that a file of this name and size has."""
    front = name.ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + b"%011o\0" % size + b"00000000000\0"
    back = b"0".ljust(101, b"\0") + b"ustar\0" + b"00"
    return (front + b"%07o\0" % (sum(front + back) + 8 * 32) + back).ljust(512, b"\0")


def read_tar(data):
    """The files of the archive by name, in order."""
    files, at = {}, 0
    while data[at:at + 512].strip(b"\0"):
        where = f"archive, byte {at}"
        try:
            header, size = data[at:at + 512], int(data[at + 124:at + 135], 8)
            name = header[:100].rstrip(b"\0").decode("ascii")
        except ValueError:
            raise Wrong(f"{where}: no file begins here") from None
        right = size >= 0 and header == tar_header(name.encode(), size)
        need(right, where, f"the header of {name!r} is not as written")
        need(name not in files, name, "is in the archive twice")
        end = at + 512 + size
        at = end + -size % 512
        need(at <= len(data) and not data[end:at].strip(b"\0"), name, "is cut short, or more follows it")
        files[name] = data[end - size:end]
    need(data[at:] == bytes(1024), f"archive, byte {at}", "more follows the last file")
    earlier = [f"checkpoints/{n:06}" for n in range(1, len(files) - len(FILES) + 1)]
    need(list(files) == [*FILES[:3], *earlier, *FILES[3:]], "archive", "a file is missing, too many or misplaced")
    return files


def text_of(files, name):
    try:
        return files[name].decode("utf-8")
    except UnicodeDecodeError as error:
        raise Wrong(f"{name}: is not UTF-8 at byte {error.start}") from None


def write_json(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# --- The tree of RFC 6962, section 2.1 -------------------------------------------------------


def roots(leaves, sizes):
    """The roots of the trees over the first `size` leaves, for every size that is asked for."""
    found, peaks = {0: hashlib.sha256().digest()}, []
    for size, leaf in enumerate(leaves, 1):
        grown, height = hashlib.sha256(b"\0" + leaf).digest(), 0
        while peaks and peaks[-1][0] == height:
            grown, height = hashlib.sha256(b"\1" + peaks.pop()[1] + grown).digest(), height + 1
        peaks.append((height, grown))
        if size in sizes:
            root = peaks[-1][1]
            for _, left in reversed(peaks[:-1]):
                root = hashlib.sha256(b"\1" + left + root).digest()
            found[size] = root
    return found


def verify_leaves(entries, leaves):
    """Says which event was changed; that they are the signed ones is for the checkpoints to say."""
    need(len(leaves) == 32 * len(entries), "record/leaves", f"{len(leaves)} bytes for {len(entries)} events")
    for index, entry in enumerate(entries):
        need(hashlib.sha256(b"\0" + entry).digest() == leaves[32 * index:32 * index + 32],
             f"position {index + 1}", "the event is not the one of its leaf in record/leaves")


def split_entries(data):
    entries, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at:at + 2], "big")
        entry = data[at + 2:at + 2 + length]
        need(len(entry) == length > 0, f"position {len(entries) + 1}", "the event is cut short")
        entries.append(entry)
        at += 2 + length
    return entries


# --- Signed notes and checkpoints ------------------------------------------------------------


def base64_of(text, where):
    """Base 64 in its one spelling: unused bits must be zero."""
    try:
        found = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise Wrong(f"{where}: is not base 64") from None
    need(base64.b64encode(found).decode() == text, where, "base 64 is not in its one spelling")
    return found


def read_keys(text, where):
    """Verifier keys, one on a line: {(name, id): key}."""
    keys = {}
    need(text.endswith("\n"), where, "its last line does not end")
    for line in text[:-1].split("\n"):
        name, _, rest = line.partition("+")
        number, _, encoded = rest.partition("+")
        key = base64_of(encoded, where)
        need(len(key) == 33 and key[0] == 1, where, "is no Ed25519 key")
        expected = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
        need(name and number == expected.hex(), where, "the id of a key is not the one of its name and bytes")
        keys[name, expected] = Ed25519PublicKey.from_public_bytes(key[1:])
    return keys


def read_checkpoint(note, keys, where):
    """The size and the root that one of the keys has signed; nobody else may have signed it."""
    text, found, signatures = note.partition("\n\n")
    lines = text.split("\n")
    need(found and len(lines) == 3, where, "is not a checkpoint")
    need(signatures.endswith("\n"), where, "its last line does not end")
    for line in signatures[:-1].split("\n"):
        parts = line.split(" ")
        need(len(parts) == 3 and parts[0] == "—" and parts[1] == lines[0], where, "a line is no signature of its log")
        signature = base64_of(parts[2], where)
        key = keys.get((parts[1], signature[:4]))
        need(key is not None, where, "was signed by a key that is not trusted")
        try:
            key.verify(signature[4:], (text + "\n").encode())
        except InvalidSignature:
            raise Wrong(f"{where}: the signature is not right") from None
    need(re.fullmatch("0|[1-9][0-9]{0,18}", lines[1], re.ASCII), where, "its size is not a number")
    root = base64_of(lines[2], where)
    return int(lines[1]), root


def verify_checkpoints(files, trusted, leaves):
    """Every checkpoint is signed, and the record leads to each of them in turn."""
    keys = read_keys(text_of(files, "vkey"), "vkey")
    if trusted is not None:
        for name, number in keys:
            need((name, number) in trusted, "vkey", f"{name}+{number.hex()} is not the key that you trust")
    names = [name for name in files if name.startswith("checkpoints/")] + ["checkpoint"]
    signed = [(name, *read_checkpoint(text_of(files, name), trusted or keys, name)) for name in names]
    found = roots(leaves, {size for _, size, _ in signed})
    before = 0
    for name, size, root in signed:
        need(size >= before, name, f"is over {size} events, and the one before it over {before}")
        need(size <= len(leaves), name, f"is over {size} events, and the record has {len(leaves)}")
        need(found[size] == root, name, f"is over another tree: an event up to position {size} is not the signed one")
        before = size
    need(before == len(leaves), "checkpoint", f"is over {before} events, and the record has {len(leaves)}")
    return len(signed)


# --- What the archive says, held against what follows from the record --------------------------


def verify_words(files, assembly, events):
    """Opens every commitment that is public; the others must be closed for the reason in the record."""
    lines = text_of(files, "words.jsonl").split("\n")
    need(lines.pop() == "" and len(lines) == len(assembly.committed), "words.jsonl",
         f"has {len(lines)} lines, and {len(assembly.committed)} events commit to words")
    words = {}
    for number, (line, (position, contribution)) in enumerate(zip(lines, assembly.committed.items()), 1):
        where = f"words.jsonl, line {number} (position {position})"
        entry, told = assembly.entries[contribution], parse_json(line, where)
        superseded = entry.words_at != position and entry.standing != "erased"
        reason = "corrected" if superseded else entry.hidden()
        if position in assembly.meanings:
            reason = "erased" if entry.standing == "erased" else "meaning"
        if reason is not None:
            right = write_json({"position": position, "not_public": reason})
            need(line == right, where, f"must say that it is {reason}")
            continue
        need(isinstance(told, dict) and all(isinstance(told.get(name), str) for name in ("salt", "words")),
             where, "must open the words")
        right = write_json({"position": position, "salt": told["salt"], "words": told["words"]})
        need(line == right, where, "is not written as it should be")
        need(re.fullmatch("[0-9a-f]{64}", told["salt"]), where, "its salt is not 32 bytes")
        opened = b"plenary-body/v1\0" + bytes.fromhex(told["salt"]) + told["words"].encode("utf-8", "replace")
        need(hashlib.sha256(opened).hexdigest() == events[position - 1]["commitment"], where,
             "the words are not the ones that the event commits to")
        words[position] = told["words"]
    return words


def first_difference(found, right, path):
    """Where two documents differ first, and how."""
    if isinstance(found, dict) and isinstance(right, dict) and list(found) == list(right):
        steps = [(f"{path}.{name}", found[name], right[name]) for name in right]
    elif isinstance(found, list) and isinstance(right, list) and len(found) == len(right):
        steps = [(f"{path}[{number}]", *pair) for number, pair in enumerate(zip(found, right))]
    else:
        return f"{path} is {write_json(found)[:80]}, and the record gives {write_json(right)[:80]}"
    for step, mine, theirs in steps:
        if mine != theirs or write_json(mine) != write_json(theirs):
            return first_difference(mine, theirs, step)
    return f"{path} is not written as it should be"


def verify_document(files, name, right):
    text = text_of(files, name)
    if text != write_json(right) + "\n":
        raise Wrong(f"{name}: {first_difference(parse_json(text, name), right, 'the document')}")


def verify_table(files, right):
    text = text_of(files, "summary.csv")
    if text != right:
        lines = zip(text.split("\n") + [""], right.split("\n") + [""])
        for number, (mine, theirs) in enumerate(lines, 1):
            need(mine == theirs, f"summary.csv, line {number}", f"is {mine[:120]!r}, the record gives {theirs[:120]!r}")
        raise Wrong("summary.csv: has more or fewer lines than the record gives")


def verify(data, trusted=None):
    """Raises Wrong unless everything in the archive holds; gives what was found, for a report."""
    files = read_tar(data)
    known = hashlib.sha256(files["README.txt"]).hexdigest() in README_SHA256
    need(known, "README.txt", "is not the one of any version")
    entries = split_entries(files["record/entries"])
    verify_leaves(entries, files["record/leaves"])
    signed = verify_checkpoints(files, trusted, entries)
    events = parse_entries(entries)
    assembly = Assembly(events)
    words = verify_words(files, assembly, events)
    paper = summary(assembly, words, parse_json(text_of(files, "summary.json"), "summary.json"))
    verify_document(files, "summary.json", paper)
    verify_table(files, table(assembly, paper))
    verify_document(files, "tallies.json", tallies(assembly))
    return {"events": len(events), "checkpoints": signed, "contributions": len(assembly.in_order),
            "words": len(words), "closed": len(assembly.committed) - len(words),
            "figures": sum(1 for _ in table_rows(paper)), "keys": text_of(files, "vkey").split()}


def trusted_keys(named):
    try:
        with open(named, encoding="utf-8") as file:
            return read_keys(file.read(), named)
    except OSError:
        return read_keys(named + "\n", "--vkey")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", metavar="ARCHIVE", help="the tar file")
    parser.add_argument("--vkey", metavar="KEY|FILE", help="the log's key, as you got it from elsewhere")
    asked = parser.parse_args()
    try:
        with open(asked.archive, "rb") as file:
            data = file.read()
    except OSError as error:
        print(f"verify.py: {error}", file=sys.stderr)
        return 2
    try:
        found = verify(data, trusted_keys(asked.vkey) if asked.vkey else None)
    except Wrong as wrong:
        print(f"verify.py: {wrong}", file=sys.stderr)
        return 1
    except Exception as error:  # Whatever it is, an archive that cannot be understood was not verified.
        print(f"verify.py: archive: no sense can be made of it: {error!r}", file=sys.stderr)
        return 1
    print("{events} events lead to {checkpoints} signed checkpoints.\n"
          "{words} times words open what was committed to; {closed} times the record says why they are not public.\n"
          "All {figures} figures of {contributions} contributions are what the events give.".format(**found))
    if not asked.vkey:
        print("Who signed it was not checked: compare this with the key that the assembly publishes, or use --vkey.")
        print("\n".join(found["keys"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
