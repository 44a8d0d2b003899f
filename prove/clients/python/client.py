"""Asks and follows a Tributary with gql, as proveClients.ts tells it to: a line of JSON for each step."""

import asyncio
import json
import os
import sys

from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.exceptions import TransportError, TransportQueryError
from gql.transport.websockets import WebsocketsTransport

URL = os.environ["TRIBUTARY_URL"]
TOKEN = f"Bearer {os.environ['TRIBUTARY_TOKEN']}"
FIRST = gql("query { flows(first: 1) { nodes { name status } } }")
TOO_MANY = gql("query { flows(first: 1000) { nodes { name } } }")
LIFE = "subscription ($after: Cursor) { flowUpdates(after: $after) { type cursor flow { name } } }"


def say(step, value):
    print(json.dumps({step: value}), flush=True)


def over_socket(token):
    return WebsocketsTransport(
        url=URL.replace("http", "ws", 1),
        subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
        init_payload={"authorization": token},
    )


async def follow(after, count):
    """Says each event, and leaves after `count` of them."""
    document = gql(LIFE)
    document.variable_values = {"after": after}
    seen = []
    async with Client(transport=over_socket(TOKEN)) as session:
        async for data in session.subscribe(document):
            seen.append(data["flowUpdates"])
            say("event", seen[-1])
            if len(seen) == count:
                break
    return seen


async def refusal():
    """What a wrong token comes to."""
    try:
        async with Client(transport=over_socket("Bearer wrong")) as session:
            async for _ in session.subscribe(gql(LIFE)):
                break
    except (TransportError, OSError) as error:
        return f"{error}: {error.__cause__}"
    raise SystemExit("a wrong token was taken")


async def main():
    transport = AIOHTTPTransport(url=URL, headers={"authorization": TOKEN}, ssl=URL.startswith("https"))
    # The schema is asked for by introspection, and documents are checked against it.
    async with Client(transport=transport, fetch_schema_from_transport=True) as session:
        say("query", await session.execute(FIRST))
        try:
            await session.execute(TOO_MANY)
        except TransportQueryError as error:
            say("error", error.errors[0]["extensions"]["code"])
    seen = await follow(None, 2)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    await follow(seen[-1]["cursor"], 1)
    say("refused", await refusal())


asyncio.run(main())
