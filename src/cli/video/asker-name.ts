import { hostname, userInfo } from 'node:os';

/** Who asks, as far as others need to know: two terminals of one person are one. */
export function askerName(): string {
  return `${userInfo().username}@${hostname()}`;
}
