/** Writes a fault to the function's log: one line of JSON, as Lambda writes its own. */
export function report(error: unknown): void {
  const entry = { level: 'ERROR', timestamp: new Date().toISOString(), ...describe(error) };
  process.stderr.write(`${JSON.stringify(entry)}\n`);
}

function describe(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  return { errorType: name, message, stack, ...(cause === undefined ? {} : { cause: describe(cause) }) };
}
