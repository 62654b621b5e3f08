import { hostname, userInfo } from 'node:os';

/** Names the waiter. Two terminals of one user are one waiter. */
export function waiterName(): string {
  return `${userInfo().username}@${hostname()}`;
}
