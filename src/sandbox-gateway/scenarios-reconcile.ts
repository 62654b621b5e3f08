import { noAccess } from './errors.ts';
import type { SearchScenario } from './scenario.ts';

/** What the routes tell with which a lost create is looked for. */
export const reconcileScenarios: readonly SearchScenario[] = [
  {
    number: 138,
    name: 'reconcile',
    phase: 'search',
    line: 'task log rows as recorded, without the prompt; =prompt with it in properties.input',
    variants: ['empty', 'prompt'],
    keepsPrompt: (variant) => variant === 'prompt',
  },
  {
    number: 151,
    name: 'reconcile-api-key',
    phase: 'search',
    line: 'the task log refuses every token as it does the API key: 200 success false; =401',
    variants: ['200', '401'],
    answer: ({ variant }) => noAccess(variant === '401' ? 401 : 200),
  },
];
