"""What openai-python does with a server. Arguments: what, prompt. Prints one JSON object."""

import asyncio
import hashlib
import json
import os
import sys
import warnings

import openai

warnings.filterwarnings("ignore", category=DeprecationWarning)
SMALL = {"model": "sora-2", "seconds": "4", "size": "1280x720"}


def described(video, content, listed):
    digest = hashlib.sha256(content).hexdigest()
    return {"id": video.id, "status": video.status, "sha256": digest, "listed": listed}


def make(prompt):
    with openai.OpenAI() as client:
        video = client.videos.create_and_poll(prompt=prompt, **SMALL)
        content = client.videos.download_content(video.id).read()
        return described(video, content, [each.id for each in client.videos.list(limit=1)])


def make_async(prompt):
    async def run():
        async with openai.AsyncOpenAI() as client:
            video = await client.videos.create_and_poll(prompt=prompt, **SMALL)
            content = (await client.videos.download_content(video.id)).read()
            listed = [each.id async for each in client.videos.list(limit=1)]
            return described(video, content, listed)

    return asyncio.run(run())


def from_file(prompt):
    with openai.OpenAI() as client, open(os.environ["IMAGE"], "rb") as image:
        video = client.videos.create_and_poll(prompt=prompt, input_reference=image, **SMALL)
        return {"id": video.id, "status": video.status}


def with_key(prompt):
    with openai.OpenAI(timeout=10) as client:
        headers = {"Idempotency-Key": prompt}
        return {"id": client.videos.create(prompt=prompt, extra_headers=headers, **SMALL).id}


def without_key(prompt):
    with openai.OpenAI(timeout=10) as client:
        return {"id": client.videos.create(prompt=prompt, **SMALL).id}


def error_of(call):
    try:
        call()
    except openai.APIStatusError as error:
        return [type(error).__name__, error.status_code, error.code]
    return None


def errors(prompt):
    with openai.OpenAI() as client:
        videos = client.videos
        file_id = {"extra_body": {"input_reference": {"file_id": "file_1"}}, **SMALL}
        never = "[sandbox: poll-never-finishes] " + prompt
        under_way = videos.create(prompt=never, **SMALL).id
        keyed = {"extra_headers": {"Idempotency-Key": prompt}, **SMALL}
        videos.create(prompt=prompt, **keyed)
        return {
            "wrong": error_of(lambda: videos.create(prompt=prompt, **file_id)),
            "unknown": error_of(lambda: videos.retrieve("video_" + "0" * 40)),
            "reused": error_of(lambda: videos.create(prompt=prompt + ", again", **keyed)),
            "under way": error_of(lambda: videos.delete(under_way)),
        }


what, prompt = sys.argv[1:]
print(json.dumps(globals()[what](prompt)))
