# OpenLLMetry: its SDK instruments OpenAI's client.   SPANS: how many calls   MODEL_URL: where the model is
import os

os.environ["TRACELOOP_BASE_URL"] = os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"]
os.environ["TRACELOOP_HEADERS"] = os.environ["OTEL_EXPORTER_OTLP_HEADERS"]
os.environ["TRACELOOP_TELEMETRY"] = "false"

from openai import OpenAI
from traceloop.sdk import Traceloop
from traceloop.sdk.decorators import workflow

Traceloop.init(app_name="openllmetry", disable_batch=True)
client = OpenAI(api_key="none", base_url=os.environ["MODEL_URL"])


@workflow(name="greeting")
def greet():
    client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "How are you?"}])


for _ in range(int(os.environ["SPANS"])):
    greet()
