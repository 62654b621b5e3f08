import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/settings.ts';
import { operateConfig } from '../../src/config/operate-config.ts';
import { tracesConfig } from '../../src/config/traces-config.ts';

describe('the rates of the queues', () => {
  test('are per second, and a slow one is less than one', () => {
    const env = {
      WORKER_RATE_SUBMIT: '0.5',
      WORKER_RATE_POLL: '20',
      WORKER_RATE_DOWNLOAD: '3',
      WORKER_RATE_WEBHOOKS: '7',
    };
    expect(operateConfig(env).rates).toEqual({ submit: 0.5, poll: 20, download: 3, webhooks: 7 });
  });

  test('are no limit where nothing is set', () => {
    expect(new Set(Object.values(operateConfig({}).rates))).toEqual(new Set([undefined]));
  });

  test.each(['0', '-1', 'fast'])('are refused as %s, by name', (rate) => {
    const read = () => operateConfig({ WORKER_RATE_POLL: rate });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow('WORKER_RATE_POLL');
  });
});

const collector = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

describe('where traces go', () => {
  test('is nowhere without an address', () => {
    expect(tracesConfig({ OTEL_EXPORTER_OTLP_HEADERS: 'a=b' })).toBeUndefined();
  });

  test.each(['http://collector:4318', 'http://collector:4318/'])('is below %s', (endpoint) => {
    expect(tracesConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })).toEqual({
      url: 'http://collector:4318/v1/traces',
      headers: {},
      resource: { 'service.name': 'onetake' },
    });
  });

  test('is an address of its own for traces, taken as it is', () => {
    const own = 'https://traces.example/otlp/custom';
    expect(tracesConfig({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own })?.url).toBe(own);
    const both = { ...collector, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own };
    expect(tracesConfig(both)?.url).toBe(own);
  });

  test.each([
    ['OTEL_SDK_DISABLED', 'true'],
    ['OTEL_SDK_DISABLED', 'TRUE'],
    ['OTEL_TRACES_EXPORTER', 'none'],
  ])('is nowhere with %s=%s', (name, value) => {
    expect(tracesConfig({ ...collector, [name]: value })).toBeUndefined();
  });

  test('knows the service by the standard variables, percent-encoded', () => {
    const attributes = 'service.name=films,deployment.environment=on%20site,team=a%2Cb,';
    const env = { ...collector, OTEL_RESOURCE_ATTRIBUTES: attributes };
    const others = { 'deployment.environment': 'on site', team: 'a,b' };
    expect(tracesConfig(env)?.resource).toEqual({ 'service.name': 'films', ...others });
    expect(tracesConfig({ ...env, OTEL_SERVICE_NAME: 'takes' })?.resource).toEqual({
      'service.name': 'takes',
      ...others,
    });
  });

  test('has headers percent-encoded, and those of traces over the common ones', () => {
    const traces = tracesConfig({
      ...collector,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20YWJj%3D%3D,x=1,odd=100%',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x=2',
    });
    expect(traces?.headers).toEqual({ authorization: 'Basic YWJj==', x: '2', odd: '100%' });
  });

  test('has headers whose values may hold an equals sign', () => {
    const traces = tracesConfig({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://traces.example',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic YWJj==, x-team=video',
    });
    expect(traces?.headers).toEqual({ authorization: 'Basic YWJj==', 'x-team': 'video' });
  });

  test.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'token'],
  ])('is refused where %s is %s', (name, value) => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', [name]: value };
    expect(() => tracesConfig(env)).toThrow(name);
  });
});
