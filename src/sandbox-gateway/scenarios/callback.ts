import type { CallbackScenario } from './scenario.ts';

/** Behaviours of the host's callback of a job; only jobs with a `callback_url` that the host calls have one. */
export const callbackScenarios: readonly CallbackScenario[] = [
  {
    number: 166,
    name: 'callback-never',
    phase: 'callback',
    line: 'the callback never comes',
    plan: () => ({ copies: 0 }),
  },
  {
    number: 167,
    name: 'callback-twice',
    phase: 'callback',
    line: 'the callback comes twice at once (=N times)',
    numberSets: 'value',
    plan: ({ value }) => ({ copies: value ?? 2 }),
  },
  {
    number: 168,
    name: 'callback-forged',
    phase: 'callback',
    line: 'the callback is signed with another key; =old with a time 10 minutes ago',
    variants: ['old'],
    plan: ({ variant }) => (variant === 'old' ? { agedSeconds: 600 } : { forged: true }),
  },
  {
    number: 169,
    name: 'callback-chatty',
    phase: 'callback',
    line: 'ten video.processing events at each beat before the end (=N); =final events of the end instead, each with an id of its own',
    numberSets: 'value',
    variants: ['final'],
    plan: ({ value, variant }) => ({
      perBeat: value ?? 10,
      ...(variant === 'final' && { saysFinal: true }),
    }),
  },
  {
    number: 170,
    name: 'callback-late',
    phase: 'callback',
    line: 'the callback comes 60 s after the end (=SECONDS)',
    numberSets: 'value',
    plan: ({ value }) => ({ lateMs: (value ?? 60) * 1_000 }),
  },
  {
    number: 171,
    name: 'callback-refused',
    phase: 'callback',
    line: 'a submit with a callback_url gets 400 invalid_callback_url; =plugin 400 plugin_request_invalid',
    variants: ['plugin'],
    refuses: true,
    plan: () => ({}),
  },
];
