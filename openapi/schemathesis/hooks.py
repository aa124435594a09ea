"""What schemathesis cannot know from the documents: how to sign in, and that keys are good once."""

import itertools
import json
import os
import re
import urllib.error
import urllib.request
import uuid

import schemathesis
from hypothesis import strategies

API = os.environ["API_URL"]
# Each of these ends what it was called with.
ENDING = ["logout", "deleteMe", "revokeSession", "refreshSession"]
# Python's expressions know no Unicode properties: words joined by hyphens are of ASCII here.
WORDS = re.compile(r"\^\[(\\p\{\w+\})+\]\+\(\?:-")
ASCII_WORDS = "^[a-z0-9]+(?:-[a-z0-9]+)*$"


instants = strategies.datetimes().map(lambda at: at.isoformat(timespec="milliseconds") + "Z")
schemathesis.openapi.format("date-time", instants)

TOKEN = f"Bearer {os.environ['TOKEN']}"
SPARE = json.loads(os.environ["SPARE_ACCOUNTS"])
spare = itertools.cycle(SPARE)


def log_in():
    """As somebody who is not needed: whoever is left, since some have gone by what was tried before."""
    for _ in SPARE:
        body = json.dumps(next(spare)).encode()
        request = urllib.request.Request(API + "/v1/auth/login", body, {"content-type": "application/json"})
        try:
            with urllib.request.urlopen(request) as response:
                return json.load(response)["accessToken"]
        except urllib.error.HTTPError:
            continue
    raise RuntimeError("Nobody is left to sign in.")


@schemathesis.hook
def before_load_schema(context, raw_schema):
    def narrow(node):
        if isinstance(node, dict):
            pattern = node.get("pattern")
            if isinstance(pattern, str) and WORDS.match(pattern):
                node["pattern"] = ASCII_WORDS
            # Those that are made below are in UTC.
            if pattern == "Z$":
                del node["pattern"]
            for child in node.values():
                narrow(child)
        elif isinstance(node, list):
            for child in node:
                narrow(child)

    narrow(raw_schema)


@schemathesis.hook
def filter_case(context, case):
    """Nothing that would end the caller's own session, and no price that one phase makes without reading `not`."""
    if case.method != "GET" and (case.path_parameters or {}).get("userId") == os.environ["CALLER"]:
        return False
    body = case.body if isinstance(case.body, dict) else {}
    prices = [body.get("price"), body.get("money")]
    return all(not is_odd(price) for price in prices if isinstance(price, dict))


def is_odd(money):
    return money.get("currency") in ("KWD", "BHD") and isinstance(money.get("amount"), (int, float)) and money["amount"] % 10 != 0


@schemathesis.hook
def before_call(context, case, kwargs):
    headers = case.headers or {}
    if re.fullmatch("[!-~]{1,255}", headers.get("Idempotency-Key", "")):
        headers["Idempotency-Key"] = str(uuid.uuid4())
    if headers.get("Authorization") == TOKEN and case.operation.definition.raw["operationId"] in ENDING:
        headers["Authorization"] = f"Bearer {log_in()}"
