import { describe, expect, test } from 'vitest';
import { ConfigError } from '../src/config.ts';
import { operateConfig, tracesConfig } from '../src/operate-config.ts';

describe('the rates of the queues', () => {
  test('are per second, and a slow one is less than one', () => {
    const env = { WORKER_RATE_SUBMIT: '0.5', WORKER_RATE_POLL: '20', WORKER_RATE_DOWNLOAD: '3' };
    expect(operateConfig(env).rates).toEqual({ submit: 0.5, poll: 20, download: 3 });
  });

  test('are no limit where nothing is set', () => {
    expect(Object.values(operateConfig({}).rates)).toEqual([undefined, undefined, undefined]);
  });

  test.each(['0', '-1', 'fast'])('are refused as %s, by name', (rate) => {
    const read = () => operateConfig({ WORKER_RATE_POLL: rate });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow('WORKER_RATE_POLL');
  });
});

describe('where traces go', () => {
  test('is nowhere without an address', () => {
    expect(tracesConfig({ OTEL_EXPORTER_OTLP_HEADERS: 'a=b' })).toBeUndefined();
  });

  test.each(['http://collector:4318', 'http://collector:4318/'])('is below %s', (endpoint) => {
    expect(tracesConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })).toEqual({
      url: 'http://collector:4318/v1/traces',
      headers: {},
    });
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
