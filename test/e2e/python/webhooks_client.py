"""What the receivers in docs/webhooks.md do. Arguments: secret, headers as JSON, body. Prints one JSON object."""

import json
import sys

import openai
import standardwebhooks


def main(secret, headers, body):
    headers = json.loads(headers)
    verified = standardwebhooks.Webhook(secret).verify(body, headers)
    with openai.OpenAI(api_key="sk-any", webhook_secret=secret) as client:
        event = client.webhooks.unwrap(body, headers)
        try:
            client.webhooks.unwrap(body.replace("completed", "failed"), headers)
            refused = False
        except openai.InvalidWebhookSignatureError:
            refused = True
    print(json.dumps({"verified": verified, "type": event.type, "id": event.id, "refused": refused}))


main(*sys.argv[1:])
