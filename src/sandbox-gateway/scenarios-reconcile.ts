import { empty, json } from './answer.ts';
import type { BalanceScenario, SearchScenario } from './scenario.ts';
import { noAccess } from './errors.ts';

const balanceWords = 'unchanged fell late lag other refund price unlimited 429'.split(' ');

/** What the routes tell with which a lost create is looked for. */
export const reconcileScenarios: readonly (SearchScenario | BalanceScenario)[] = [
  {
    number: 138,
    name: 'reconcile',
    phase: 'search',
    line: 'task log rows as recorded, without the prompt; =prompt with it in properties.input',
    variants: ['empty', 'prompt'],
    keepsPrompt: (variant) => variant === 'prompt',
  },
  {
    number: 150,
    name: 'reconcile-balance',
    phase: 'balance',
    line: 'as booked; per create =fell, =late or =lag (:SECONDS), =other, =refund, =price; =unlimited, =429',
    variants: balanceWords,
    numberSets: 'value',
    books({ variant, value, price, paid }) {
      switch (variant) {
        case 'fell':
          return paid ? null : { amount: -price };
        case 'late':
          return paid ? null : { amount: -price, lastsMs: (value ?? 30) * 1000 };
        case 'lag':
          return paid ? { amount: price, lastsMs: (value ?? 5) * 1000 } : null;
        case 'other':
          return { amount: -price };
        case 'refund':
          return { amount: price };
        case 'price':
          return paid ? { amount: -price / 2 } : null;
        default:
          return null;
      }
    },
    answer({ variant, usage }) {
      if (variant === '429') return empty(429);
      if (variant !== 'unlimited') return null;
      const changes = { unlimited_quota: true, total_granted: 0 };
      return json(200, usage({ ...changes, total_available: -usage().data.total_used }));
    },
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
