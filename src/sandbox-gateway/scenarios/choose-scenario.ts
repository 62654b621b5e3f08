import { scenarios } from './scenarios.ts';
import type { Chosen, Phase, Scenario } from './scenario.ts';

/** Prefix of a prompt that selects scenarios. */
const promptPrefix = /^\s*\[sandbox:([^\]]*)\]/;

/**
 * Reads `name, name=3, name=variant, name=3:variant`; an empty text selects nothing.
 *
 * @throws {RangeError} An unknown name, an unknown variant, or two scenarios of one phase.
 */
export function parseScenarios(text: string): Chosen[] {
  const chosen = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseOne);
  for (const phase of new Set(chosen.map((each) => each.scenario.phase))) {
    const same = chosen.filter((each) => each.scenario.phase === phase);
    if (same.length > 1) {
      throw new RangeError(
        `Cannot combine scenarios "${same.map((each) => each.text).join('" and "')}": both act on ${phase}`,
      );
    }
  }
  return chosen;
}

/** Scenario text of a create: the header, otherwise the prefix of the prompt, otherwise ''. */
export function scenarioOf(header: string | undefined, prompt: unknown): string {
  if (header !== undefined && header.trim() !== '') return header;
  const match = typeof prompt === 'string' ? promptPrefix.exec(prompt) : null;
  return match?.[1] ?? '';
}

/**
 * The scenario of a phase, from the first text that has one.
 *
 * @param texts Most specific first, e.g. request header, job, run.
 */
export function chooseFor<P extends Phase>(
  phase: P,
  texts: string[],
): (Chosen & { scenario: Extract<Scenario, { phase: P }> }) | null {
  for (const text of texts) {
    for (const chosen of parseScenarios(text)) {
      const { scenario } = chosen;
      if (hasPhase(scenario, phase)) return { ...chosen, scenario };
    }
  }
  return null;
}

function hasPhase<P extends Phase>(
  scenario: Scenario,
  phase: P,
): scenario is Extract<Scenario, { phase: P }> {
  return scenario.phase === phase;
}

function parseOne(text: string): Chosen {
  const [name = '', ...rest] = text.split('=');
  const scenario = scenarios.find((each) => each.name === name.trim());
  if (scenario === undefined) {
    throw new RangeError(`Unknown scenario "${name.trim()}"; GET /sandbox/scenarios lists them`);
  }
  const chosen: Chosen = {
    scenario,
    text,
    times: scenario.times ?? Infinity,
    value: null,
    variant: null,
  };
  const words = rest
    .join('=')
    .split(':')
    .map((word) => word.trim());
  for (const word of words.filter((each) => each !== '')) applyWord(chosen, word);
  return chosen;
}

function applyWord(chosen: Chosen, word: string): void {
  const { variants = [], numberSets = 'times', name } = chosen.scenario;
  if (variants !== 'any' && variants.includes(word)) chosen.variant = word;
  else if (word === 'forever' || word === 'always') chosen.times = Infinity;
  else if (/^\d+(\.\d+)?$/.test(word) && variants !== 'any') {
    if (numberSets === 'times') chosen.times = Number(word);
    else chosen.value = Number(word);
  } else if (variants === 'any') chosen.variant = word;
  else {
    const known = variants.length > 0 ? `a number or one of ${variants.join(', ')}` : 'a number';
    throw new RangeError(`Unknown parameter "${word}" of scenario "${name}": it takes ${known}`);
  }
}
