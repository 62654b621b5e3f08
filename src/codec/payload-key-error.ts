/** A payload cannot be decrypted with the configured keys. The message names the key. */
export class PayloadKeyError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PayloadKeyError';
  }
}
