import { expect, test } from 'vitest';
import {
  createEndpointGate,
  type GatePass,
} from '../../../src/activities/webhooks/endpoint-gate.ts';

const slots = 50;
const ids = (count: number) => Array.from({ length: count }, (_, index) => `we_${index}`);

function gateAt() {
  const clock = { nowMs: 0 };
  const gate = createEndpointGate({ slots, now: () => clock.nowMs });
  /** As many attempts as the gate lets in, of the given number per endpoint. */
  const enterAll = (endpoints: string[], each: number): GatePass[] =>
    endpoints
      .flatMap((id) => Array.from({ length: each }, () => gate.enter(id)))
      .filter((pass) => pass !== null);
  return { gate, clock, enterAll };
}

test('endpoints that never answered leave half of the slots to one that works, however many they are', () => {
  const { gate, enterAll } = gateAt();
  gate.enter('we_works')?.leave('works');
  expect(enterAll(ids(100), 4)).toHaveLength(slots / 2);
  expect(enterAll(['we_works'], 4)).toHaveLength(4);
});

test('dead endpoints that are probed one by one do not take more than half of the slots together', () => {
  const { gate, enterAll } = gateAt();
  gate.enter('we_works')?.leave('works');
  for (const id of ids(60)) for (const _ of [1, 2, 3]) gate.enter(id)?.leave('fails');
  const probes = enterAll(ids(60), 4);
  expect(probes).toHaveLength(slots / 2);
  expect(enterAll(['we_works'], 4)).toHaveLength(4);
  probes.forEach((probe) => probe.leave('fails'));
  expect(enterAll(ids(60), 4)).toHaveLength(slots / 2);
});

test('endpoints that answer 2xx slowly share half of the slots, too', () => {
  const { clock, enterAll } = gateAt();
  for (const id of ids(20)) {
    const [pass] = enterAll([id], 1);
    clock.nowMs += 9_000;
    pass?.leave('works');
  }
  expect(enterAll(ids(20), 4)).toHaveLength(slots / 2);
});

test('an endpoint that works again is not counted with the dead ones any more', () => {
  const { gate, enterAll } = gateAt();
  for (const _ of [1, 2, 3]) gate.enter('we_back')?.leave('fails');
  gate.enter('we_back')?.leave('works');
  enterAll(ids(100), 4);
  expect(enterAll(['we_back'], 4)).toHaveLength(4);
});
