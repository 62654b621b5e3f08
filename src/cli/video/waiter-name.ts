import { hostname, userInfo } from 'node:os';

/** Who waits, as far as others need to know: two terminals of one person are one. */
export function waiterName(): string {
  return `${userInfo().username}@${hostname()}`;
}
