import { describe, expect, test } from 'vitest';
import { requestFromFlags } from '../../src/cli/video/build-request.ts';
import { requestDigest } from '../../src/identity/request-digest.ts';
import { imageFolder, read } from './read.ts';

const catImage = `stored-image:sha256:${'a'.repeat(64)}`;

describe('a manifest', () => {
  test('says the same in each of its formats', async () => {
    const csv = [
      '#model=kling-v1',
      '#duration=5',
      '# a comment',
      'key,prompt,duration,image,metadata.seed,metadata.camera.type,tags,output',
      'a,"A cat, in',
      'the sun",,cat.png,42,"""7""",x;y,a.mp4',
      'b,A dog,10,,,,,',
    ].join('\n');
    const [a, b] = [
      {
        key: 'a',
        prompt: 'A cat, in\nthe sun',
        image: 'cat.png',
        metadata: { seed: 42, camera: { type: '7' } },
        tags: ['x', 'y'],
        output: 'a.mp4',
      },
      { key: 'b', prompt: 'A dog', duration: 10 },
    ];
    const defaults = { model: 'kling-v1', duration: 5 };
    const jsonl = [{ defaults }, a, b].map((row) => JSON.stringify(row)).join('\n');
    const yaml = JSON.stringify({ defaults, rows: [a, b] });
    const { rows } = await read(csv);
    const body = { model: 'kling-v1', prompt: 'A cat, in\nthe sun', duration: 5 };
    const metadata = { seed: 42, camera: { type: '7' } };
    expect(rows).toEqual([
      {
        key: 'a',
        line: 5,
        request: { format: 'videos', body: { ...body, image: catImage, metadata } },
        tags: ['x', 'y'],
        output: 'a.mp4',
      },
      {
        key: 'b',
        line: 7,
        request: { format: 'videos', body: { model: 'kling-v1', prompt: 'A dog', duration: 10 } },
        tags: [],
      },
    ]);
    const withoutLines = rows.map((row) => ({ ...row, line: expect.any(Number) }));
    expect((await read(jsonl, { name: 'rows.ndjson' })).rows).toMatchObject(withoutLines);
    expect((await read(yaml, { name: 'rows.yml' })).rows).toMatchObject(withoutLines);
  });

  test('gives the line where a row begins in YAML', async () => {
    const yaml =
      'rows:\n  # cats\n  - model: kling-v1\n    prompt: |\n      A\n      cat\n\n  - {model: kling-v1, prompt: A dog}\n';
    const { rows } = await read(yaml, { name: 'rows.yaml' });
    expect(rows.map(({ line, request }) => [line, request.body.prompt])).toEqual([
      [3, 'A\ncat\n'],
      [8, 'A dog'],
    ]);
  });

  test('takes defaults of the file, over them those of the caller, over both the row', async () => {
    const text = [
      {
        defaults: {
          model: 'a',
          size: '1x1',
          duration: 5,
          metadata: { x: 1, deep: { y: 1, z: 1 } },
        },
      },
      { prompt: 'p', seconds: 8, 'metadata.deep.y': 3 },
      { prompt: 'q', model: 'c', size: null, tags: '' },
    ];
    const { rows } = await read(text.map((row) => JSON.stringify(row)).join('\n'), {
      name: 'rows.jsonl',
      defaults: { model: 'b', 'metadata.deep.y': 2, tags: 'nightly' },
    });
    expect(rows.map(({ request }) => request.body)).toEqual([
      {
        model: 'b',
        prompt: 'p',
        size: '1x1',
        seconds: '8',
        metadata: { x: 1, deep: { y: 3, z: 1 } },
      },
      {
        model: 'c',
        prompt: 'q',
        size: '1x1',
        duration: 5,
        metadata: { x: 1, deep: { y: 2, z: 1 } },
      },
    ]);
    expect(rows.map(({ tags }) => tags)).toEqual([['nightly'], ['nightly']]);
  });

  test('keeps a default that a spreadsheet saved with quotes and commas', async () => {
    const csv =
      '"#metadata={""mode"": ""pro"", ""x"": [1, 2]}",\r\nmodel,prompt\r\nkling-v1,A cat\r\n,\r\n';
    const { rows } = await read(`\u{FEFF}${csv}`);
    expect(rows.map(({ request }) => request.body['metadata'])).toEqual([
      { mode: 'pro', x: [1, 2] },
    ]);
  });

  test('asks for an image once, beside the manifest, and never for an address', async () => {
    const folder = imageFolder();
    const csv = 'model,prompt,images\nm,a,cat.png;http://a/b.png\nm,b,"[""./cat.png""]"\n';
    const { rows } = await read(csv, { referToImage: folder.referToImage });
    expect(folder.asked).toEqual(['/rows/cat.png']);
    expect(rows.map(({ request: { body } }) => body['images'] ?? body['image'])).toEqual([
      [catImage, 'http://a/b.png'],
      catImage,
    ]);
  });

  test('asks for videos and sounds as such', async () => {
    const asked: string[] = [];
    await read('model,prompt,reference_videos,reference_audios\nSD2.5 720P,a,b.mp4,c.mp3\n', {
      referToImage: async (path, kind) => {
        asked.push(`${kind} ${path}`);
        return { reference: catImage };
      },
    });
    expect(asked).toEqual(['video /rows/b.mp4', 'audio /rows/c.mp3']);
  });

  test('lets what is no row’s fault through', async () => {
    const broken = read('model,prompt,image\nm,a,cat.png\n', {
      referToImage: () => Promise.reject(new Error('The disk is gone')),
    });
    await expect(broken).rejects.toThrow('The disk is gone');
  });

  test('with sendAnyway takes what the gateway would refuse, as a warning', async () => {
    const text = 'model,prompt,duration\nSD2.0 720P,a,16\n';
    await expect(read(text)).rejects.toThrow(/duration/);
    const { rows, warnings } = await read(text, { sendAnyway: true });
    expect(rows).toHaveLength(1);
    expect(warnings.map(({ field }) => field)).toEqual(['duration']);
  });

  test('is judged by the rules of the gateway', async () => {
    const text = 'model,prompt,duration\njimeng_vgfm_t2v_l20,a,3\n';
    await expect(read(text)).rejects.toThrow(/duration/);
    expect((await read(text, { host: 'classic' })).rows).toHaveLength(1);
  });

  test('gathers what the gateway will silently change', async () => {
    const row = { model: 'SD2.5 720P', duration: 5, size: '16:9', 'metadata.watermark': true };
    const rows = [
      { ...row, prompt: 'a' },
      { ...row, prompt: 'b {{name}}' },
      { ...row, prompt: 'c' },
    ];
    const text = rows.map((each) => JSON.stringify(each)).join('\n');
    const { warnings } = await read(text, { name: 'rows.jsonl' });
    expect(warnings.map(({ field, lines }) => ({ field, lines }))).toEqual([
      { field: 'metadata.watermark', lines: [1, 2, 3] },
      { field: 'prompt', lines: [2] },
    ]);
  });
});

describe('a row', () => {
  test.each([
    { prompt: 'A cat', model: 'kling-v1', duration: '5', size: '16:9' },
    { prompt: 'A cat', model: 'sora-2', duration: '8', image: ['https://a.example/b.png'] },
    { prompt: 'A cat', model: 'sora-2', format: 'generations', image: ['https://a.example/b.png'] },
    {
      prompt: ' - a cat',
      model: 'viduq1',
      image: ['http://a/1', 'http://a/2'],
      metadata: '{"bgm":true}',
    },
    { prompt: 'A cat', model: 'SD2.5', duration: '5', ratio: '9:16', resolution: '720p' },
  ])('asks for the same as onetake generate does: %j', async ({ image, ...flags }) => {
    const row = { ...flags, ...(image && { images: image }) };
    const { rows } = await read(JSON.stringify(row), { name: 'rows.jsonl' });
    expect(rows[0]?.request).toEqual(requestFromFlags({ ...flags, ...(image && { image }) }));
  });

  test('names the roles of its pictures and its sound in columns', async () => {
    const row = {
      model: 'SD2.5 720P',
      prompt: 'A cat',
      audio: 'false',
      first_frame: 'https://a.example/1.png',
      last_frame: 'https://a.example/2.png',
    };
    const { rows } = await read(JSON.stringify(row), { name: 'rows.jsonl' });
    expect(rows[0]?.request.body).toEqual({
      model: 'SD2.5 720P',
      prompt: 'A cat',
      generate_audio: false,
      metadata: { firstFrame: 'https://a.example/1.png', lastFrame: 'https://a.example/2.png' },
    });
  });

  test('needs no prompt where its model makes a video of a picture alone', async () => {
    const row = { model: 'grok-imagine-video', image: 'https://a.example/1.png' };
    const { rows } = await read(JSON.stringify(row), { name: 'rows.jsonl' });
    expect(rows[0]?.request.body).toEqual(row);
  });

  test('without a key has one from its request, for each day when the prompt has the date', async () => {
    const rows = [
      { model: 'kling-v1', prompt: 'A cat' },
      { model: 'kling-v1', prompt: 'News of {{date}}' },
    ];
    const text = rows.map((row) => JSON.stringify(row)).join('\n');
    const { rows: found } = await read(text, { name: 'rows.jsonl' });
    const digests = rows.map((body) => requestDigest({ format: 'videos', body }));
    expect(found.map(({ key }) => key)).toEqual([digests[0], `${digests[1]}-{{date}}`]);
  });

  test('with a name of the language in its metadata changes no prototype', async () => {
    const text =
      '{"model": "m", "prompt": "p", "metadata": {"__proto__": {"polluted": 1}}, "metadata.__proto__.x": 1}';
    const { rows } = await read(text, { name: 'rows.jsonl' });
    expect(JSON.stringify(rows[0]?.request.body['metadata'])).toBe(
      '{"__proto__":{"polluted":1,"x":1}}',
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
