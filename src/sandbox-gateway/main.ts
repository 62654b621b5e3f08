import { parseArgs } from 'node:util';
import { startSandboxGateway, type SandboxGatewayOptions } from './server.ts';

const { values } = parseArgs({
  options: {
    host: { type: 'string' },
    port: { type: 'string' },
    'media-port': { type: 'string' },
    speed: { type: 'string' },
    scenario: { type: 'string' },
    'api-key': { type: 'string' },
    'access-token': { type: 'string' },
    generation: { type: 'string' },
    ledger: { type: 'string' },
  },
});

const options: SandboxGatewayOptions = {
  ...(values.host === undefined ? {} : { host: values.host }),
  ...(values.port === undefined ? {} : { port: Number(values.port) }),
  ...(values['media-port'] === undefined ? {} : { mediaPort: Number(values['media-port']) }),
  ...(values.speed === undefined ? {} : { speed: Number(values.speed) }),
  ...(values.scenario === undefined ? {} : { scenario: values.scenario }),
  ...(values['api-key'] === undefined ? {} : { apiKey: values['api-key'] }),
  ...(values['access-token'] === undefined ? {} : { accessToken: values['access-token'] }),
  ...(values.generation === 'plugins' ? { generation: 'plugins' } : {}),
  ...(values.ledger === undefined ? {} : { ledgerFile: values.ledger }),
};

const gateway = await startSandboxGateway(options);
const { url, mediaUrl, apiKey, accessToken } = gateway;
process.stdout.write(`${JSON.stringify({ url, mediaUrl, apiKey, accessToken })}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void gateway.stop().then(() => process.exit(0));
  });
}
