import type { ServiceName } from '../../aws/operations.ts';

/**
 * How JSON differs from what the SDK's clients take and give: moments are seconds since the epoch, bytes are base64. Only
 * what the operations of aws/operations.ts hold is known.
 */

type Decode = (name: string, value: unknown) => unknown;

/** Members that are more than JSON says, by service. A value that is not of the member's type stays as it is. */
const decoders: Readonly<Record<ServiceName, Decode>> = {
  // An attribute's value: items hold objects under their names, so a text named `B` is always one.
  dynamodb: (name, value) => {
    if (name === 'B' && typeof value === 'string') return bytes(value);
    if (name === 'BS' && Array.isArray(value))
      return value.map((each) => (typeof each === 'string' ? bytes(each) : each));
    return value;
  },
  // The filter of ListServiceDeployments.
  ecs: (name, value) =>
    (name === 'before' || name === 'after') && typeof value === 'number' ? new Date(value * 1000) : value,
  secretsmanager: (_name, value) => value,
  sqs: (_name, value) => value,
};

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

/** The input of an operation, as its SDK command would hold it; undefined when the text is no JSON object. */
export function decodeInput(service: ServiceName, text: string): object | undefined {
  try {
    const input: unknown = JSON.parse(text, (name, value: unknown) => decoders[service](name, value));
    return typeof input === 'object' && input !== null && !Array.isArray(input) ? input : undefined;
  } catch {
    return undefined;
  }
}

/** An output, or an error's members, as JSON. */
export const encodeOutput = (output: object): string => JSON.stringify(encode(output));

function encode(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(encode);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, encode(each)]));
}
