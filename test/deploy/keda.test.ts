import { readdir, readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { operateConfig } from '../../src/config/operate-config.ts';
import { taskQueues } from '../../src/contract/task-queues.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFile(new URL(path, root), 'utf8');

const fixture = z
  .object({
    scaledObject: z.looseObject({}),
    temporal: z.array(
      z.looseObject({
        name: z.string(),
        optional: z.boolean().optional(),
        default: z.string().optional(),
        deprecatedAnnounce: z.string().optional(),
        metadataVariableReadable: z.boolean().optional(),
      }),
    ),
  })
  .parse(JSON.parse(await read('test/fixtures/keda/scaled-object.json')));
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
for (const format of ['int32', 'int64']) ajv.addFormat(format, true);
const validate = ajv.compile(fixture.scaledObject);

/** What the laws below look at. */
const scaledObject = z.looseObject({
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()) }),
  spec: z.looseObject({
    scaleTargetRef: z.object({ name: z.string() }),
    minReplicaCount: z.number(),
    maxReplicaCount: z.number(),
    triggers: z.tuple([
      z.object({ type: z.literal('temporal'), metadata: z.record(z.string(), z.string()) }),
    ]),
  }),
});

async function documents(path: string): Promise<unknown[]> {
  return parseAllDocuments(await read(path)).map((document) => document.toJS() as unknown);
}

const given = await documents('deploy/keda/scaled-objects.yaml');
const objects = given.map((document) => scaledObject.parse(document));
const named = objects.map((object) => [object.metadata.name, object] as const);
const roles = Object.keys(taskQueues) as (keyof typeof taskQueues)[];
const triggerOf = ({ spec }: (typeof objects)[number]) => spec.triggers[0].metadata;

describe('the autoscaling manifests', () => {
  test('are all named by the component', async () => {
    const { kind, resources } = z
      .looseObject({ kind: z.string(), resources: z.array(z.string()) })
      .parse(parse(await read('deploy/keda/kustomization.yaml')));
    expect(kind).toBe('Component');
    const files = await readdir(new URL('deploy/keda/', root));
    expect(new Set(files)).toEqual(new Set([...resources, 'kustomization.yaml']));
  });

  test.each(named)('%s is valid by the schema of KEDA', (name) => {
    const index = objects.findIndex(({ metadata }) => metadata.name === name);
    validate(given[index]);
    expect(validate.errors ?? []).toEqual([]);
  });

  test('a field that KEDA does not know is refused by the schema', () => {
    const [first] = structuredClone(objects);
    const spec = { ...first?.spec, minReplicas: 2 };
    expect(validate({ ...first, spec })).toBe(false);
  });

  test.each(named)(
    '%s gives the scaler all that it needs, and nothing unknown or deprecated',
    (_name, object) => {
      const trigger = triggerOf(object);
      const known = fixture.temporal.filter(
        ({ metadataVariableReadable, deprecatedAnnounce }) =>
          metadataVariableReadable && deprecatedAnnounce === undefined,
      );
      const needed = known.filter((field) => !field.optional && field.default === undefined);
      expect(known.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(trigger)));
      expect(Object.keys(trigger)).toEqual(expect.arrayContaining(needed.map(({ name }) => name)));
    },
  );

  test('scale each task queue by one object, by the queue that its deployment serves', () => {
    const wanted = roles.map((role) => [`onetake-${role}`, taskQueues[role]]);
    const found = objects.map((object) => [
      object.spec.scaleTargetRef.name,
      triggerOf(object)['taskQueue'],
    ]);
    expect(found).toEqual(wanted);
  });

  test('ask the Temporal of the workers', async () => {
    const [settings] = await documents('deploy/kubernetes/settings.yaml');
    const { data } = z.looseObject({ data: z.record(z.string(), z.string()) }).parse(settings);
    for (const object of objects) {
      expect(triggerOf(object)).toMatchObject({
        endpoint: data['TEMPORAL_ADDRESS'],
        namespace: data['TEMPORAL_NAMESPACE'],
      });
    }
  });

  test.each(named)(
    '%s keeps a pod when another one is evicted, and may grow',
    (_name, { spec }) => {
      expect(spec.minReplicaCount).toBeGreaterThan(1);
      expect(spec.maxReplicaCount).toBeGreaterThan(spec.minReplicaCount);
    },
  );

  test('wait for no more tasks for each worker than it has slots', () => {
    const { slots } = operateConfig({});
    for (const role of ['submit', 'poll', 'download', 'webhooks'] as const) {
      const object = objects.find(({ metadata }) => metadata.name === `onetake-${role}`);
      expect(object && triggerOf(object)['targetQueueSize']).toBe(String(slots[role]));
    }
  });

  test('count workflow tasks where workflows run, and activities everywhere', () => {
    const types = objects.map((object) => triggerOf(object)['queueTypes']);
    expect(types).toEqual(['workflow,activity,nexus', ...Array(4).fill('activity')]);
  });
});
