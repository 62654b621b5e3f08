import { cutText } from './cut-text.ts';

/**
 * Temporal documents 400 bytes for the summary of a run or a step. The rest is for what JSON and the encryption add.
 */
const maxBytes = 240;
const promptCharacters = 60;

/** What the Temporal UI shows beside a run or a step: one line that always fits. */
export function runSummary(...parts: string[]): string {
  const line = parts.map(inOneLine).join(' · ');
  const shown = cutText(line, { bytes: maxBytes });
  return shown === line ? line : `${shown}…`;
}

/** The first words of a prompt. */
export function promptWords(prompt = ''): string {
  const start = inOneLine(prompt);
  const shown = cutText(start, { characters: promptCharacters, bytes: maxBytes });
  return shown === start && prompt.length <= readUnits ? shown : `${shown}…`;
}

/** Code units that are looked at: more than fit. */
const readUnits = 1_000;

function inOneLine(text: string): string {
  return text
    .slice(0, readUnits)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}
