/** The storage could not do what was asked; `cause` says why. Repeating is safe. */
export class StorageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StorageError';
  }
}
