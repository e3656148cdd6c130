import { jsonType } from '../decode/go-json.ts';
import { countValues } from '../decode/inspect.ts';
import { cloneJson, equalJson, isJsonObject, own, type JsonObject } from '../json-value.ts';
import { maximumShiftedItems } from '../limits.ts';
import { badRequest, requestTooLarge, unprocessable } from '../status-error.ts';
import { UnreadableBody } from '../decode/unreadable-body.ts';
import { parsePointer } from './json-pointer.ts';

/** kube-apiserver's limits: JSON patches may not be used to make much out of little. */
const maximumOperations = 10_000;
const maximumCopiedBytes = 3 * 1024 * 1024;

/**
 * JSON patch (RFC 6902) on a copy of the document. Throws the 422 of kube-apiserver when an operation cannot be carried
 * out or a `test` fails, BadRequest for a patch that is no list of operations.
 */
export function jsonPatch(document: unknown, patch: unknown): unknown {
  const operations = readOperations(patch);
  const root: JsonObject = { '': cloneJson(document) };
  const shifted: Shifted = { items: 0 };
  let copiedBytes = 0;
  for (const operation of operations) {
    if (operation.op === 'copy') {
      copiedBytes += JSON.stringify(valueAt(root, operation.from)).length;
      if (copiedBytes > maximumCopiedBytes) throw requestTooLarge(maximumCopiedBytes);
    }
    carryOut(root, operation, shifted);
  }
  const result = root[''];
  try {
    countValues(result);
  } catch (error) {
    if (!(error instanceof UnreadableBody)) throw error;
    throw badRequest(`error in the patched document: ${error.message}`);
  }
  return result;
}

interface Operation {
  readonly op: unknown;
  readonly path: string;
  readonly from: string | undefined;
  readonly value: unknown;
}

function readOperations(patch: unknown): readonly Operation[] {
  if (!Array.isArray(patch))
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${jsonType(patch)} into Go value of type []handlers.jsonPatchOp`,
    );
  if (patch.length > maximumOperations)
    throw requestTooLarge(
      `The allowed maximum operations in a JSON patch is ${maximumOperations}, got ${patch.length}`,
    );
  return patch.map((each: unknown) => {
    if (!isJsonObject(each))
      throw badRequest(
        `error decoding patch: json: cannot unmarshal ${jsonType(each)} into Go value of type handlers.jsonPatchOp`,
      );
    const path = own(each, 'path');
    const from = own(each, 'from');
    if (typeof path !== 'string') throw unprocessable();
    return {
      op: own(each, 'op'),
      path,
      from: typeof from === 'string' ? from : undefined,
      value: Object.hasOwn(each, 'value') ? each['value'] : undefined,
    };
  });
}

function carryOut(root: JsonObject, { op, path, from, value }: Operation, shifted: Shifted): void {
  switch (op) {
    case 'add':
      return add(root, path, { value: cloneJson(value ?? null), shifted });
    case 'remove':
      remove(root, path, shifted);
      return;
    case 'replace':
      return replace(root, path, cloneJson(value ?? null));
    case 'move':
      return move(root, { from, path, shifted });
    case 'copy':
      return add(root, path, { value: cloneJson(valueAt(root, from)), shifted });
    case 'test':
      return test(root, path, value ?? null);
    default:
      throw unprocessable();
  }
}

/** How many items have changed their places in lists. */
interface Shifted {
  items: number;
}

function shift(shifted: Shifted, list: readonly unknown[], from: number): void {
  shifted.items += list.length - from;
  if (shifted.items > maximumShiftedItems)
    throw requestTooLarge(`The allowed maximum list items that a JSON patch shifts is ${maximumShiftedItems}`);
}

function move(
  root: JsonObject,
  { from, path, shifted }: { readonly from: string | undefined; readonly path: string; readonly shifted: Shifted },
): void {
  // A value cannot go into itself.
  if (from === undefined || path.startsWith(`${from}/`)) throw unprocessable();
  add(root, path, { value: remove(root, from, shifted), shifted });
}

function test(root: JsonObject, path: string, expected: unknown): void {
  const { container, key } = locate(root, path);
  const actual = Array.isArray(container) ? container[existingIndex(container, key)] : own(container, key);
  // An absent field passes a test for null, as in the library that kube-apiserver uses.
  if (!equalJson(actual ?? null, expected)) throw unprocessable();
}

function add(
  root: JsonObject,
  path: string,
  { value, shifted }: { readonly value: unknown; readonly shifted: Shifted },
): void {
  const { container, key } = locate(root, path);
  if (!Array.isArray(container)) {
    container[key] = value;
    return;
  }
  const index = key === '-' ? container.length : indexOf(key, container.length);
  shift(shifted, container, index);
  container.splice(index, 0, value);
}

function replace(root: JsonObject, path: string, value: unknown): void {
  const { container, key } = locate(root, path);
  if (Array.isArray(container)) container[existingIndex(container, key)] = value;
  else if (Object.hasOwn(container, key)) container[key] = value;
  else throw unprocessable();
}

function remove(root: JsonObject, path: string, shifted: Shifted): unknown {
  const { container, key } = locate(root, path);
  if (Array.isArray(container)) {
    const index = existingIndex(container, key);
    shift(shifted, container, index);
    return container.splice(index, 1)[0];
  }
  if (!Object.hasOwn(container, key)) throw unprocessable();
  const value = container[key];
  delete container[key];
  return value;
}

function valueAt(root: JsonObject, path: string | undefined): unknown {
  if (path === undefined) throw unprocessable();
  const { container, key } = locate(root, path);
  if (Array.isArray(container)) return container[existingIndex(container, key)];
  if (!Object.hasOwn(container, key)) throw unprocessable();
  return container[key];
}

/** The object or list that holds what a pointer names, which must exist. The whole document is held by `root` under ''. */
function locate(root: JsonObject, path: string): { container: JsonObject | unknown[]; key: string } {
  const segments = parsePointer(path);
  if (segments === undefined || segments.includes('__proto__')) throw unprocessable();
  let container: unknown = root;
  const parents = ['', ...segments];
  const key = parents.pop() ?? '';
  for (const segment of parents)
    container = Array.isArray(container)
      ? container[existingIndex(container, segment)]
      : isJsonObject(container)
        ? own(container, segment)
        : undefined;
  if (!Array.isArray(container) && !isJsonObject(container)) throw unprocessable();
  return { container, key };
}

/** An index in decimal without leading zeros, at most `maximum`. */
function indexOf(segment: string, maximum: number): number {
  if (!/^(?:0|[1-9][0-9]{0,9})$/.test(segment) || Number(segment) > maximum) throw unprocessable();
  return Number(segment);
}

const existingIndex = (list: readonly unknown[], segment: string): number => indexOf(segment, list.length - 1);
