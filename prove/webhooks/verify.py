"""Reads lists of signed requests, and answers how many of each the Python library of Standard Webhooks verifies."""

import json
import sys

from standardwebhooks.webhooks import Webhook, WebhookVerificationError


def verifies(signed):
    try:
        Webhook(signed["secret"]).verify(signed["body"], signed["headers"])
        return True
    except WebhookVerificationError:
        return False


print(json.dumps([sum(map(verifies, signed)) for signed in json.load(sys.stdin)]))
