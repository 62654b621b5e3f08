import { randomBytes } from 'node:crypto';

/** Crockford's alphabet, without letters that look like digits. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 8;
const codePattern = new RegExp(`^[${alphabet}]{${length}}$`);

/** A random code that a person can type: 40 bits. It names a quote and grants nothing. */
export function newSpendCode(): string {
  return Array.from(randomBytes(length), (byte) => alphabet.charAt(byte % alphabet.length)).join(
    '',
  );
}

/** The code that a person typed, in either case, with or without hyphens and spaces. Null if it is none. */
export function readSpendCode(text: string): string | null {
  const code = text
    .toUpperCase()
    .replaceAll(/[\s-]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  return codePattern.test(code) ? code : null;
}

/** `K7QM-2X9T` */
export function showSpendCode(code: string): string {
  return `${code.slice(0, length / 2)}-${code.slice(length / 2)}`;
}
