import { cutText } from './cut-text.ts';

/** Temporal documents a limit of 400 bytes for summaries. JSON and encryption add to the size. */
const maxBytes = 240;
const promptCharacters = 60;

/** Summary of a run or a step for the Temporal UI: one line within the size limit. */
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

/** Number of code units that are read: more than fit. */
const readUnits = 1_000;

function inOneLine(text: string): string {
  return text
    .slice(0, readUnits)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}
