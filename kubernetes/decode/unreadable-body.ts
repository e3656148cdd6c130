/** Text or bytes that cannot be read; the message says why. Becomes a BadRequest where it is known what was expected. */
export class UnreadableBody extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnreadableBody';
  }
}
