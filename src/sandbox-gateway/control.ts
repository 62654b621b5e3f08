import { json, type Answer } from './answer.ts';
import { parseScenarios } from './scenarios/choose-scenario.ts';
import { isRecord, parseBody } from './create-request.ts';
import type { Exchange } from './exchange.ts';
import { settle, type Runtime } from './runtime.ts';
import { scenarios } from './scenarios/scenarios.ts';

/** Control routes of the sandbox: without API key, not in the ledger. Null for other paths. */
export function answerControl(
  runtime: Runtime,
  exchange: Exchange,
  { body, setScenario }: { body: string; setScenario: (text: string) => void },
): Answer | null {
  switch (`${exchange.method} ${exchange.pathname}`) {
    case 'GET /sandbox/ledger':
      settle(runtime);
      return json(200, runtime.store.state.ledger);
    case 'GET /sandbox/scenarios':
      return json(
        200,
        scenarios.map(({ name, line, phase, number }) => ({ name, line, phase, number })),
      );
    case 'POST /sandbox/scenario':
      return changeScenario(body, setScenario);
    default:
      return null;
  }
}

function changeScenario(body: string, setScenario: (text: string) => void): Answer {
  const asked = parseBody(body, 'application/json');
  const text = isRecord(asked) ? asked['scenario'] : undefined;
  if (typeof text !== 'string') {
    return json(400, { error: { message: 'Send {"scenario":"name, name=3"}; "" for none' } });
  }
  try {
    parseScenarios(text);
  } catch (error) {
    return json(400, {
      error: { message: error instanceof Error ? error.message : String(error) },
    });
  }
  setScenario(text);
  return json(200, { scenario: text });
}
