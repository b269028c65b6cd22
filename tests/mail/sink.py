#!/usr/bin/env python3
"""A mail server that keeps nothing: it prints each message as a line of JSON and behaves as it is told on its input.

    sink.py PORT                             0 takes a free one; the first line says which
    sink.py PORT smtps|starttls FILE         under TLS with the certificate in FILE, for `news` with the password `hunter2`

Each line of input is `ADDRESS WHAT`, the address `*` for everybody. What it does from then on with mail to that address:
take it, refuse it (550), put it off (451), hang when it is told of it, break off then, take it and hang before it says so.
"""
import asyncio
import email
import email.policy
import json
import ssl
import sys
import threading

from aiosmtpd.smtp import SMTP, AuthResult

DOES = {"take", "refuse", "later", "hang", "drop", "take-and-hang"}
rules = {}


def say(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)


async def for_ever():
    await asyncio.Event().wait()


class Sink:
    async def handle_RCPT(self, server, session, envelope, address, options):
        does = rules.get(address, rules.get("*", "take"))
        say("rcpt", to=address, does=does)
        if does == "refuse":
            return f"550 5.1.1 <{address}> is not known here"
        if does == "later":
            return f"451 4.7.1 <{address}> is busy"
        if does == "drop":
            server.transport.abort()
        if does == "hang":
            await for_ever()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        say(
            "mail",
            to=envelope.rcpt_tos,
            headers=[[name.lower(), str(value)] for name, value in message.items()],
            text=message.get_content(),
        )
        if any(rules.get(to, rules.get("*")) == "take-and-hang" for to in envelope.rcpt_tos):
            await for_ever()
        return "250 OK"

    async def handle_QUIT(self, server, session, envelope):
        say("quit")
        return "221 Bye"


def listen_to_rules():
    for line in sys.stdin:
        address, does = line.split()
        assert does in DOES, does
        rules[address] = does
        say("rule", to=address)


def authenticate(server, session, envelope, mechanism, auth_data):
    good = (auth_data.login, auth_data.password) == (b"news", b"hunter2")
    say("auth", good=good)
    return AuthResult(success=good)


async def main(port, how="smtp", certificate=None):
    loop = asyncio.get_running_loop()
    known, at_once = {}, None
    if certificate:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate)
        known = {"authenticator": authenticate, "auth_required": True}
        if how == "starttls":
            known |= {"tls_context": tls, "require_starttls": True}
        else:
            at_once = tls
            known |= {"auth_require_tls": False}
    smtp = lambda: SMTP(Sink(), hostname="sink.example", **known)
    server = await loop.create_server(smtp, "127.0.0.1", port, ssl=at_once)
    say("ready", port=server.sockets[0].getsockname()[1])
    threading.Thread(target=listen_to_rules, daemon=True).start()
    await server.serve_forever()


asyncio.run(main(int(sys.argv[1]), *sys.argv[2:]))
