import { expect, test } from 'vitest';
import { visibleLines, visibleText } from '../../src/contract/visible-text.ts';

const unsafe = [
  '\u0000',
  '\u001b',
  '\u0085',
  '\u061c',
  '\u200b',
  '\u200e',
  '\u2028',
  '\u202e',
  '\u2060',
  '\u2066',
  '\ufeff',
  '\u{e0041}',
];

test('characters that a person does not see are replaced', () => {
  for (const sign of unsafe) expect(visibleText(`a${sign}b`, '?')).toBe('a?b');
});

test('words of all scripts and emoji stay', () => {
  for (const text of ['一只猫', 'قطة', 'नमस्ते', '👩\u200d🚀', 'می\u200cخواهم']) {
    expect(visibleText(text, '?')).toBe(text);
  }
});

test('lines stay lines', () => {
  expect(visibleLines('a\r\nb\u001bc\rd\ne')).toBe('a\nb�c\nd\ne');
});
