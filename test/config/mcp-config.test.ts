import { expect, test } from 'vitest';
import { mcpConfig } from '../../src/config/mcp-config.ts';
import { ConfigError } from '../../src/config/settings.ts';

const standing = (text?: string) =>
  mcpConfig({ ...(text !== undefined && { MCP_SPEND_WITHOUT_ASKING: text }) }).standing;

test('without a setting, and with 0, a person approves each video', () => {
  for (const text of [undefined, '', '0', '0/day', '0 videos']) expect(standing(text)).toBeNull();
});

test.each([
  ['5', { money: 5 }],
  ['2.50/day', { money: 2.5 }],
  [' 5 / day ', { money: 5 }],
  ['3 videos', { videos: 3 }],
  ['1 video/day', { videos: 1 }],
])('a standing permission of "%s" is %j per day', (text, cap) => {
  expect(standing(text)).toEqual(cap);
});

test.each(['yes', 'unlimited', '-5', '5 USD', '1e3', '5/week', '1.5 videos', 'Infinity', '5 5'])(
  'a standing permission of "%s" is refused, not guessed',
  (text) => {
    expect(() => standing(text)).toThrow(ConfigError);
    expect(() => standing(text)).toThrow(/MCP_SPEND_WITHOUT_ASKING .*2\.50\/day/);
  },
);
