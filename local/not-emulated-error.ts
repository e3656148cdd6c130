/** The emulation was asked for something it does not do. It says so instead of answering something else. */
export class NotEmulatedError extends Error {
  /** As the SDK's own errors, so that nothing takes it for a fault that goes away. */
  readonly $fault = 'client';

  constructor(what: string) {
    super(`not emulated: ${what}`);
    this.name = 'NotEmulatedError';
  }
}
