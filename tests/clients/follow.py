#!/usr/bin/env python3
"""Says one thing in an assembly, and follows its live feed until everybody can see that it counts.

usage: follow.py "http://127.0.0.1:8080/a/gp/join#SECRET" "What I want to say"
"""
import json
import sys
import urllib.error
import urllib.request
import uuid

link, words = sys.argv[1:]
assembly, secret = link.split("/join#")
key = {"Authorization": f"Bearer {secret}"}
feed = urllib.request.urlopen(urllib.request.Request(assembly + "/live/sse", headers=key))

# The same id again gets the same answer, so send it again as often as the network makes you.
command = {"type": "submit", "id": str(uuid.uuid4()), "text": words, "kind": "point"}
body, kind = json.dumps(command).encode(), {"Content-Type": "application/json"}
try:
    answer = json.load(urllib.request.urlopen(urllib.request.Request(assembly + "/submit", body, key | kind)))
except urllib.error.HTTPError as refused:
    sys.exit(json.load(refused)["reason"])
print("receipt", answer["receipt"], flush=True)

for line in feed:
    frame = json.loads(line[6:]) if line.startswith(b"data: ") else {"type": None}
    if frame["type"] in ("snapshot", "state") and frame["state"]["position"] >= answer["position"]:
        print("counted among", frame["state"]["coverage"]["contributions"])
        break
