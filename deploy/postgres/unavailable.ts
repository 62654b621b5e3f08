/** A part that this machine does not have and that nobody serves to it: no fault of ours, so that CI may go on without. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}
