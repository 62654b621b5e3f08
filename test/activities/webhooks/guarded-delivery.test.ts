import { describe, expect, test } from 'vitest';
import type { Resolve } from '../../../src/egress/address-guard.ts';
import { activityHarness, failureOf } from '../../fakes/activity-harness.ts';
import { startConnectProxy } from '../../fakes/connect-proxy.ts';
import { startWireServer, type Reply } from '../../fakes/wire-server.ts';
import { deliverTo, endpointAt, input } from './delivering.ts';

describe('no connection is opened', () => {
  test.each(['127.0.0.1', 'localhost', '[::1]', 'printer.local', '10.0.0.1'])(
    'to a private or local address by default: %s',
    async (host) => {
      await using server = await startWireServer({ status: 200 });
      for (const scheme of ['http', 'https']) {
        const deliver = deliverTo(endpointAt(`${scheme}://${host}:${server.port}/`));
        const failure = await failureOf(activityHarness().run(deliver, input));
        expect(failure.message).toContain('was not called: ');
        expect(failure.message).toContain('WEBHOOKS_TRUSTED_ORIGINS');
      }
      expect(server.seen).toEqual([]);
    },
  );

  test('to a public name that resolves to a private address', async () => {
    await using server = await startWireServer({ status: 200 });
    const deliver = deliverTo(endpointAt(`https://hooks.example.com:${server.port}/`), {
      resolve: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    const failure = await failureOf(activityHarness().run(deliver, input));
    expect(failure.message).toContain('Refused to connect to "127.0.0.1"');
    expect(failure.message).toContain('WEBHOOKS_TRUSTED_ORIGINS');
  });
});

describe('with a proxy', () => {
  /** One attempt to a public name that this process resolves as told. */
  const through = async (resolve: Resolve) => {
    await using proxy = await startConnectProxy({});
    const deliver = deliverTo(endpointAt('https://hooks.example.com/'), {
      proxies: { httpsProxy: proxy.url },
      resolve,
    });
    const { message } = await failureOf(activityHarness().run(deliver, input));
    return { message, targets: proxy.targets };
  };

  test('a name that leads to a private address here is refused, and the proxy is not used', async () => {
    const { message, targets } = await through((_name, _options, callback) =>
      callback(null, [{ address: '10.0.0.1', family: 4 }]),
    );
    expect(message).toContain('Refused to connect to "10.0.0.1"');
    expect(targets).toEqual([]);
  });

  test('a name that cannot be resolved here is left to the proxy', async () => {
    const { targets } = await through((_name, _options, callback) =>
      callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), []),
    );
    expect(targets).toEqual(['hooks.example.com:443']);
  });
});

test('a webhook goes through the proxy of the environment', async () => {
  await using server = await startWireServer({ status: 204 });
  await using proxy = await startConnectProxy({ 'hooks.test': server.port });
  const url = `http://hooks.test:${server.port}`;
  const proxies = { httpProxy: proxy.url };
  const deliver = deliverTo(endpointAt(`${url}/`), { trusted: url, proxies });
  expect(await activityHarness().run(deliver, input)).toMatchObject({ status: 204 });
  expect(proxy.targets).toEqual([`hooks.test:${server.port}`]);
});

describe('a dead endpoint', () => {
  const busyOnes = async (runs: Promise<unknown>[]) => {
    const ends = await Promise.allSettled(runs);
    return ends.filter(
      (end) => end.status === 'rejected' && JSON.stringify(end.reason).includes('WebhookBusy'),
    );
  };

  test('gets at most 4 requests at a time, and the others end at once as benign', async () => {
    let open = 0;
    let most = 0;
    const answers: (() => void)[] = [];
    const hold: Reply = (_request, response) => {
      most = Math.max(most, (open += 1));
      answers.push(() => {
        open -= 1;
        response.writeHead(503).end();
      });
      if (answers.length >= 4)
        setTimeout(() => answers.splice(0).forEach((answer) => answer()), 50);
    };
    await using server = await startWireServer(hold);
    const deliver = deliverTo(endpointAt(`${server.origin}/`), { trusted: server.origin });
    const run = () =>
      activityHarness({ attempt: 1, scheduledTimestampMs: Date.now() }).run(deliver, input);
    const burst = await busyOnes(Array.from({ length: 20 }, run));
    expect([burst.length, most]).toEqual([16, 4]);
    // It has failed four times in a row: from now on one request at a time probes it.
    answers.push(
      () => {},
      () => {},
      () => {},
    );
    const probe = await busyOnes(Array.from({ length: 20 }, run));
    expect([probe.length, server.seen.length]).toEqual([19, 5]);
  });

  test('that works again gets all requests again', async () => {
    await using server = await startWireServer(
      { status: 500 },
      { status: 500 },
      { status: 500 },
      { status: 200 },
    );
    const deliver = deliverTo(endpointAt(`${server.origin}/`), { trusted: server.origin });
    const run = () => activityHarness().run(deliver, input);
    for (const _ of [1, 2, 3]) await run().catch(() => {});
    expect(await busyOnes([run(), run()])).toHaveLength(1);
    expect(await busyOnes([run(), run(), run(), run()])).toEqual([]);
  });
});
