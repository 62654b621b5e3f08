"""What LiteLLM does with a server: create, status, content, list. Arguments: origin, prompt. Prints one JSON object."""

import hashlib
import json
import sys
import time

import litellm
import openai
from litellm.types.videos.utils import extract_original_video_id

litellm.suppress_debug_info = True
origin, prompt = sys.argv[1:]
server = {"api_base": origin + "/v1", "api_key": "sk-any", "custom_llm_provider": "openai"}


def create():
    wished = {"model": "sora-2", "seconds": "4", "size": "1280x720", "prompt": prompt}
    headers = {"Idempotency-Key": prompt}
    return litellm.video_generation(**wished, extra_headers=headers, **server)


def create_stubbornly():
    """LiteLLM ignores `num_retries` here, so the application repeats the call."""
    try:
        return create()
    except openai.APIError:
        return create_stubbornly()


video = create_stubbornly()
again = create()
status = video.status
while status in ("queued", "in_progress"):
    time.sleep(0.2)
    status = litellm.video_status(video.id, **server).status
content = litellm.video_content(video.id, **server)
listed = litellm.video_list(limit=100, **server)
answer = {
    "id": extract_original_video_id(video.id),
    "again": extract_original_video_id(again.id),
    "status": status,
    "sha256": hashlib.sha256(content).hexdigest(),
    "listed": [extract_original_video_id(each["id"]) for each in listed["data"]],
}
print(json.dumps(answer))
