/** A payload cannot be decrypted with the keys that are here; the message says which key is missing. */
export class PayloadKeyError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PayloadKeyError';
  }
}
