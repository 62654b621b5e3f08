import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { serveConfig } from '../../src/config/serve-config.ts';
import { shutdownGraceMs } from '../../src/contract/submit-times.ts';
import { taskQueues } from '../../src/contract/task-queues.ts';
import { drainMs } from '../../src/serve/start-server.ts';

/** Where the schemas of each kind are in the fixture; what is not here must not be in the manifests. */
const definitions: Record<string, string> = {
  'apps/v1 Deployment': 'io.k8s.api.apps.v1.Deployment',
  'policy/v1 PodDisruptionBudget': 'io.k8s.api.policy.v1.PodDisruptionBudget',
  'v1 ConfigMap': 'io.k8s.api.core.v1.ConfigMap',
  'v1 Service': 'io.k8s.api.core.v1.Service',
};

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFile(new URL(path, root), 'utf8');
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
for (const format of ['int32', 'int64']) ajv.addFormat(format, true);
ajv.addSchema(JSON.parse(await read('test/fixtures/kubernetes/schemas-1.37.json')), 'kubernetes');

const folder = 'deploy/kubernetes/';
const kustomization = z
  .strictObject({
    apiVersion: z.literal('kustomize.config.k8s.io/v1beta1'),
    kind: z.literal('Kustomization'),
    resources: z.array(z.string()),
    images: z.array(z.strictObject({ name: z.string(), newTag: z.string() })),
  })
  .parse(parse(await read(`${folder}kustomization.yaml`)));

const resourceSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()) }),
});

/** What of a Deployment the laws below look at; the rest is the schemas' to judge. */
const deploymentSchema = resourceSchema.extend({
  spec: z.looseObject({
    replicas: z.number(),
    selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    template: z.object({
      metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
      spec: z.looseObject({
        terminationGracePeriodSeconds: z.number(),
        containers: z.tuple([
          z.looseObject({
            image: z.string(),
            env: z.array(z.object({ name: z.string(), value: z.string() })),
            envFrom: z.array(z.record(z.string(), z.object({ name: z.string() }))),
            resources: z.unknown(),
          }),
        ]),
      }),
    }),
  }),
});

const pauseSchema = z.object({
  lifecycle: z.object({ preStop: z.object({ sleep: z.object({ seconds: z.number() }) }) }),
});

const texts = await Promise.all(kustomization.resources.map((name) => read(folder + name)));
const resources = texts
  .flatMap((text) => parseAllDocuments(text))
  .map((document) => resourceSchema.parse(document.toJS()));
const named = resources.map((resource) => [`${resource.kind} ${resource.metadata.name}`, resource]);
const deployments = ofKind('Deployment').map((found) => deploymentSchema.parse(found));
const all = deployments.map((deployment) => [deployment.metadata.name, deployment] as const);
const workers = deployments.filter((deployment) => roleOf(deployment) !== undefined);
const roles = workers.map((deployment) => [roleOf(deployment), deployment] as const);
const serve = deployments.find(({ metadata }) => metadata.name === 'onetake-serve');

function ofKind(kind: string) {
  return resources.filter((resource) => resource.kind === kind);
}

function roleOf({ spec }: z.output<typeof deploymentSchema>): string | undefined {
  const [{ env }] = spec.template.spec.containers;
  return env.find(({ name }) => name === 'WORKER_QUEUES')?.value;
}

describe('the Kubernetes manifests', () => {
  test('are all named by the kustomization', async () => {
    const files = await readdir(new URL(folder, root));
    expect(new Set(files)).toEqual(new Set([...kustomization.resources, 'kustomization.yaml']));
  });

  test.each(named)('%s is valid by the strict schema of its kind', (_name, resource) => {
    const { apiVersion, kind } = resourceSchema.parse(resource);
    const definition = definitions[`${apiVersion} ${kind}`];
    const validate = ajv.getSchema(`kubernetes#/$defs/${definition}`);
    void validate?.(resource);
    expect([definition, validate?.errors ?? []]).toEqual([expect.any(String), []]);
  });

  test('serve each task queue by one deployment', () => {
    const queues = Object.keys(taskQueues);
    expect(roles).toHaveLength(queues.length);
    expect(new Set(roles.map(([role]) => role))).toEqual(new Set(queues));
  });

  test('differ from role to role in names, size and queue only', () => {
    const common = roles.map(([role = '', deployment]) => {
      const { spec, ...rest } = structuredClone(deployment);
      spec.replicas = 0;
      spec.template.spec.containers[0].resources = {};
      return JSON.stringify({ spec, ...rest }).replaceAll(role, 'role');
    });
    expect(new Set(common).size).toBe(1);
  });

  test.each(all)('of %s select their own pods, also for the disruption budget', (_name, found) => {
    const { metadata, spec } = found;
    const budget = ofKind('PodDisruptionBudget').find(
      (resource) => resource.metadata.name === metadata.name,
    );
    expect(spec.template.metadata.labels).toEqual(metadata.labels);
    expect(spec.selector.matchLabels).toEqual(metadata.labels);
    expect(budget).toMatchObject({ spec: { selector: { matchLabels: metadata.labels } } });
  });

  test.each(all)('leave a budget for evictions: %s has more than one pod', (_name, found) => {
    expect(found.spec.replicas).toBeGreaterThan(1);
  });

  test.each(roles)('give %s more time to end than the worker takes for itself', (_role, found) => {
    const { terminationGracePeriodSeconds } = found.spec.template.spec;
    expect(1_000 * terminationGracePeriodSeconds).toBeGreaterThan(shutdownGraceMs);
  });

  test.each(all)('ask %s for its health where it answers', (_name, { spec }) => {
    const [container] = spec.template.spec.containers;
    const port = Number(container.env.find(({ name }) => name === 'METRICS_PORT')?.value);
    expect(port).toBeGreaterThan(0);
    expect(container).toMatchObject({
      ports: expect.arrayContaining([{ name: 'metrics', containerPort: port }]),
      readinessProbe: { httpGet: { path: '/readyz', port: 'metrics' } },
      livenessProbe: { httpGet: { path: '/healthz', port: 'metrics' } },
    });
    expect(spec.template.metadata).toMatchObject({
      annotations: { 'prometheus.io/port': String(port) },
    });
  });

  test.each(all)('run %s without any rights', (_name, found) => {
    expect(found.spec.template.spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    });
  });

  test('take settings from .env.example, and secrets from a secret alone', async () => {
    const known = [...(await read('.env.example')).matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map(
      ([, name]) => name,
    );
    const [settings] = ofKind('ConfigMap');
    const { data } = z.looseObject({ data: z.record(z.string(), z.string()) }).parse(settings);
    expect(Object.keys(data).filter((name) => !known.includes(name))).toEqual([]);
    expect(texts.join('\n')).not.toMatch(/(KEY|SECRET|TOKEN|PASSWORD)\w*['"]?:/);
    for (const [, { spec }] of roles) {
      const [{ envFrom }] = spec.template.spec.containers;
      expect(envFrom).toContainEqual({ secretRef: { name: 'onetake' } });
      expect(envFrom).toContainEqual({ configMapRef: { name: settings?.metadata.name } });
    }
  });

  test('start the version of this package', async () => {
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(await read('package.json')));
    expect(kustomization.images).toEqual([{ name: 'onetake', newTag: version }]);
    for (const [, { spec }] of all) expect(spec.template.spec.containers[0].image).toBe('onetake');
  });

  test('give the HTTP API no API key of the gateway, and the keys of tenants as a read-only folder', () => {
    const [container] = serve?.spec.template.spec.containers ?? [];
    const sources = container?.envFrom.map((from) => Object.values(from)[0]?.name);
    expect(sources).toEqual(['onetake', 'onetake-serve']);
    const file = container?.env.find(({ name }) => name === 'SERVE_KEYS_FILE')?.value ?? '';
    expect(container).toMatchObject({
      command: ['node', 'bin/onetake.js', 'serve'],
      volumeMounts: expect.arrayContaining([
        { name: 'tenants', mountPath: dirname(file), readOnly: true },
      ]),
    });
    expect(texts.join('\n')).toContain(`--from-file=${basename(file)}`);
  });

  test('send clients to the port that the HTTP API listens on, and let its requests finish', () => {
    const [service] = ofKind('Service');
    const [container] = serve?.spec.template.spec.containers ?? [];
    const { SERVE_PORT, SERVE_HOST } = Object.fromEntries(
      container?.env.map(({ name, value }) => [name, value]) ?? [],
    );
    const { host, port } = serveConfig({
      ...(SERVE_HOST && { SERVE_HOST }),
      ...(SERVE_PORT && { SERVE_PORT }),
      SERVE_KEYS_FILE: 'a',
    });
    expect(host).toBe('0.0.0.0');
    expect(container).toMatchObject({
      ports: expect.arrayContaining([{ name: 'http', containerPort: port }]),
    });
    expect(service).toMatchObject({
      spec: { selector: serve?.metadata.labels, ports: [{ targetPort: 'http' }] },
    });
    const { terminationGracePeriodSeconds: grace = 0 } = serve?.spec.template.spec ?? {};
    const { seconds } = pauseSchema.parse(container).lifecycle.preStop.sleep;
    expect(1_000 * grace).toBeGreaterThan(drainMs + 1_000 * seconds);
  });
});
