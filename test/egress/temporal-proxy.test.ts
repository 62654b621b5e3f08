import { expect, test } from 'vitest';
import { temporalConfig } from '../../src/config/temporal-config.ts';
import { clientProxy } from '../../src/egress/temporal-proxy.ts';

const https_proxy = 'http://proxy.test:7890';

test.each(['localhost:7233', '127.0.0.1:7233'])(
  'a Temporal server at "%s" is reached without a proxy, whatever the environment says',
  (TEMPORAL_ADDRESS) => {
    const { proxy } = temporalConfig({ TEMPORAL_ADDRESS, https_proxy });
    expect(proxy).toBeUndefined();
    // Else the gRPC library takes the proxy of the environment by itself.
    expect(clientProxy(proxy).channelArgs).toEqual({ 'grpc.enable_http_proxy': 0 });
  },
);

test('a Temporal server elsewhere is reached through the proxy of https addresses', () => {
  const { proxy } = temporalConfig({ TEMPORAL_ADDRESS: 'temporal.test:7233', https_proxy });
  expect(proxy?.href).toBe('http://proxy.test:7890/');
  expect(clientProxy(proxy).channelArgs).toEqual({ 'grpc.enable_http_proxy': 1 });
});
