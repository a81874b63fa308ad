#!/usr/bin/env python3
"""A complete consumer of Timeline's changes, on Python's standard library alone.

    timeline_consumer.py http://127.0.0.1:7410 [--until ORDINAL]

Snapshot, apply, de-duplicate, notice a gap, heal. With --until it ends when everything up to that event has been told,
and writes what it knows as JSON; without, it writes a line for every change, for ever.
TIMELINE_TOKEN is sent where it is set: services that run with tokens want one with the role read.
"""
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import OrderedDict

REMEMBERED = 100_000  # ids of changes, against repeats
RETRY_SECONDS = 1.0


class Gap(Exception):
    """A change is missing, or the service can't serve the cursor any more: only a snapshot helps."""


class Consumer:
    def __init__(self, server):
        self.server = server.rstrip("/")
        self.subjects = {}
        self.seen = OrderedDict()
        self.last = {}
        self.cursor = None
        self.epoch = 0
        self.ordinal = -1

    def bind(self):
        """Takes a snapshot: the state, and the place from which changes go on."""
        with urllib.request.urlopen(self.request("/v1/snapshot"), timeout=60) as answer:
            snapshot = json.load(answer)
        self.subjects = {
            s["subject"]: {
                "escalation": s["escalation"],
                "issues": {i["issue"]: i["position"] for i in s["issues"]},
                "toward": {t["other"]: t["score"] for t in s["toward"]},
            }
            for s in snapshot["subjects"]
        }
        # Which change came last before the snapshot is not known: the first of each chain is taken as it comes.
        self.last = {}
        self.cursor, self.epoch, self.ordinal = snapshot["cursor"], snapshot["epoch"], snapshot["ordinal"]

    def apply(self, kind, change):
        """Takes one change; False for a repeat. Raises Gap where one before it never came."""
        if change["epoch"] < self.epoch or change["id"] in self.seen:
            return False
        chain = (kind, change["subject"])
        if chain in self.last and change["previous"] != self.last[chain]:
            raise Gap(f"{kind} of {change['subject']}: {change['previous']} never came")
        self.last[chain] = change["id"]
        self.seen[change["id"]] = None
        if len(self.seen) > REMEMBERED:
            self.seen.popitem(last=False)

        subject = self.subjects.setdefault(change["subject"], {"escalation": None, "issues": {}, "toward": {}})
        if kind == "EscalationChanged":
            subject["escalation"] = {name: change[name] for name in ("level", "bound", "name", "coverage", "nuclear")}
        elif kind == "StanceChanged" and change["issue"] is not None:
            put(subject["issues"], change["issue"], change["position"])
        elif kind == "StanceChanged":
            put(subject["toward"], change["other"], change["score"] or None)
        # EscalationRevised: readings of past days may be others. Whoever keeps some asks for them again.
        return True

    def follow(self):
        """Yields (kind, change) for every change, and (kind, None) for every place; mends what breaks by itself."""
        while True:
            try:
                if self.cursor is None:
                    self.bind()
                    yield "snapshot", None
                for cursor, kind, data in self.events():
                    if kind in ("caught-up", "heartbeat"):
                        self.cursor, self.ordinal = cursor, data["ordinal"]
                        yield kind, None
                        continue
                    is_new = self.apply(kind, data)
                    self.cursor = cursor
                    if is_new:
                        yield kind, data
            except Gap as gap:
                print(f"Healing by a new snapshot: {gap}", file=sys.stderr)
                self.cursor = None
            except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
                print(f"{error}; again in {RETRY_SECONDS} s", file=sys.stderr)
                time.sleep(RETRY_SECONDS)

    def events(self):
        """Server-sent events after the cursor, until the service ends the stream."""
        request = self.request(f"/v1/changes?from={urllib.parse.quote(self.cursor)}&heartbeat=5")
        try:
            # Three heartbeats without a word: the connection is dead.
            with urllib.request.urlopen(request, timeout=15) as stream:
                fields = {}
                for raw in stream:
                    line = raw.decode("utf-8").rstrip("\n")
                    if line:
                        name, _, value = line.partition(": ")
                        fields[name] = value
                    elif fields:
                        yield fields["id"], fields["event"], json.loads(fields["data"])
                        fields = {}
        except urllib.error.HTTPError as refusal:
            if refusal.code in (400, 410):
                raise Gap(json.load(refusal)["detail"]) from refusal
            raise

    def request(self, path):
        token = os.environ.get("TIMELINE_TOKEN")
        return urllib.request.Request(self.server + path, headers={"Authorization": f"Bearer {token}"} if token else {})

    def state(self):
        """What is known, in the shape of a snapshot's subjects."""
        return [
            {
                "subject": name,
                "escalation": s["escalation"],
                "issues": [{"issue": i, "position": s["issues"][i]} for i in sorted(s["issues"])],
                "toward": [{"other": o, "score": s["toward"][o]} for o in sorted(s["toward"])],
            }
            for name, s in sorted(self.subjects.items())
        ]


def put(held, name, value):
    if value is None:
        held.pop(name, None)
    else:
        held[name] = value


def main(arguments):
    until = int(arguments[2]) if len(arguments) == 3 and arguments[1] == "--until" else None
    if len(arguments) != (1 if until is None else 3):
        print(__doc__, file=sys.stderr)
        return 2
    consumer = Consumer(arguments[0])
    for kind, change in consumer.follow():
        if change is not None and until is None:
            print(json.dumps({"type": kind, **change}), flush=True)
        elif kind == "snapshot":
            print(f"Bound at ordinal {consumer.ordinal}", file=sys.stderr, flush=True)
        elif change is None and until is not None and consumer.ordinal >= until:
            print(json.dumps(consumer.state()))
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
