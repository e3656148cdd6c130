import { cut } from '../shown-value.ts';
import { badRequest } from '../status-error.ts';
import { parseJson } from './json.ts';
import { parseProtobuf } from './protobuf.ts';
import { UnreadableBody } from './unreadable-body.ts';
import { parseYaml } from './yaml.ts';

export type BodyFormat = 'json' | 'yaml' | 'protobuf';

/** A request body as plain JSON values. Made by `parseBody`: no key is `__proto__`, and nesting is bounded. */
export interface ParsedBody {
  readonly value: unknown;
  /** The paths of fields that were given more than once (the last one counts), in the order of the text, at most 100. */
  readonly duplicates: readonly string[];
}

/**
 * Reads a request body. Throws BadRequest with kube-apiserver's texts when it cannot be read. `kind` is what the body
 * should be, for the text of the error; without it the body is taken for a patch.
 */
export function parseBody(bytes: Uint8Array, format: BodyFormat, kind?: string): ParsedBody {
  try {
    if (format === 'protobuf') return { value: parseProtobuf(bytes), duplicates: [] };
    const text = decodeUtf8(bytes);
    return format === 'json' ? parseJson(text) : parseYaml(text);
  } catch (error) {
    if (!(error instanceof UnreadableBody)) throw error;
    throw badRequest(explain(cut(error.message), { bytes, format, kind }));
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new UnreadableBody('invalid UTF-8', { cause });
  }
}

function explain(
  problem: string,
  body: { readonly bytes: Uint8Array; readonly format: BodyFormat; readonly kind: string | undefined },
): string {
  const { bytes, format, kind } = body;
  if (kind === undefined)
    return format === 'yaml' ? `error decoding YAML: ${problem}` : `error decoding patch: ${problem}`;
  const detail = format === 'json' ? `couldn't get version/kind; json parse error: ${problem}` : problem;
  return `the object provided is unrecognized (must be of type ${kind}): ${detail} (${summary(bytes)})`;
}

/** The beginning of a body as kube-apiserver shows it: text when it looks like JSON, else in hexadecimal. */
function summary(bytes: Uint8Array): string {
  if (bytes.length === 0) return '<empty>';
  const start = bytes.subarray(0, 30);
  const more = bytes.length > 30 ? ' ...' : '';
  if (start[0] === 0x7b) return `${new TextDecoder().decode(start)}${more}`;
  return `${[...start].map((byte) => byte.toString(16).padStart(2, '0')).join('')}${more}`;
}
