import { maximumLogCharacters } from '../kubernetes/limits.ts';
import { cut } from '../kubernetes/shown-value.ts';

/** Writes a fault to the function's log: one line of JSON, as Lambda writes its own. Texts are cut. */
export function report(error: unknown): void {
  const entry = { level: 'ERROR', timestamp: new Date().toISOString(), ...describe(error) };
  process.stderr.write(`${JSON.stringify(entry)}\n`);
}

function describe(error: unknown): object {
  if (!(error instanceof Error)) return { message: cut(String(error), maximumLogCharacters) };
  const { name, message, stack = '', cause } = error;
  return {
    errorType: name,
    message: cut(message, maximumLogCharacters),
    stack: cut(stack, maximumLogCharacters),
    ...(cause === undefined ? {} : { cause: describe(cause) }),
    ...(error instanceof AggregateError ? { errors: error.errors.map(describe) } : {}),
  };
}
