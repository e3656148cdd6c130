import protobuf from 'protobufjs/minimal.js';
import { formatTime } from '../clock.ts';
import { StatusError } from '../status-error.ts';
import { checkValues, countValues } from './inspect.ts';
import { quoted } from '../shown-value.ts';
import { protobufMessages, type ProtobufField } from './protobuf-messages.gen.ts';
import { UnreadableBody } from './unreadable-body.ts';

const magic = [0x6b, 0x38, 0x73, 0x00]; // "k8s\0"
const meta = 'k8s.io.apimachinery.pkg.apis.meta.v1';
const wireTypeLengthDelimited = 2;

type Values = Record<string, unknown>;

/** How many fields were read: an empty message takes two bytes, and becomes an object. */
interface Budget {
  spent: number;
}

function spend(budget: Budget): void {
  budget.spent += 1;
  checkValues(budget.spent);
}

/**
 * Reads `application/vnd.kubernetes.protobuf`: four bytes of magic, then runtime.Unknown, whose `raw` is the object.
 * kubectl 1.32, helm and k9s send it. Gives the object as its JSON form has it: inlined structs flattened, times as text,
 * bytes as base64, and empty strings left out, which stand for unset fields there. Throws UnreadableBody.
 */
export function parseProtobuf(bytes: Uint8Array): unknown {
  if (magic.some((byte, index) => bytes[index] !== byte))
    throw new UnreadableBody('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  try {
    const value = readUnknown(bytes.subarray(magic.length));
    countValues(value);
    return value;
  } catch (cause) {
    if (cause instanceof UnreadableBody || cause instanceof StatusError) throw cause;
    // The reader throws RangeError past the end and Error for a wrong wire type; both speak of the bytes alone.
    throw new UnreadableBody(`proto: ${cause instanceof Error ? cause.message : 'unreadable'}`, { cause });
  }
}

function readUnknown(bytes: Uint8Array): unknown {
  let apiVersion = '';
  let kind = '';
  let raw = new Uint8Array();
  const budget: Budget = { spent: 0 };
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === 1) {
      const typeMeta = readMessage(reader.bytes(), 'k8s.io.apimachinery.pkg.runtime.TypeMeta', budget);
      apiVersion = textOf(typeMeta['apiVersion']);
      kind = textOf(typeMeta['kind']);
    } else if (tag >>> 3 === 2) raw = Uint8Array.from(reader.bytes());
    else reader.skipType(tag & 7);
  }
  const message = messageName(apiVersion, kind);
  if (!Object.hasOwn(protobufMessages(), message))
    throw new UnreadableBody(`no kind ${quoted(kind)} is registered for version ${quoted(apiVersion)}`);
  return { kind, apiVersion, ...readMessage(raw, message, budget) };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** `apps/v1`, `Deployment` -> `k8s.io.api.apps.v1.Deployment`. */
function messageName(apiVersion: string, kind: string): string {
  if (kind === 'DeleteOptions') return `${meta}.DeleteOptions`;
  const [first = '', second] = apiVersion.split('/');
  const group = second === undefined ? 'core' : first.split('.')[0];
  return `k8s.io.api.${group}.${second ?? first}.${kind}`;
}

interface NumberedField {
  readonly name: string;
  readonly type: string;
  readonly form: ProtobufField[2];
}

const numbered = new Map<string, ReadonlyMap<number, NumberedField>>();

function fieldsOf(message: string): ReadonlyMap<number, NumberedField> {
  const known = numbered.get(message);
  if (known !== undefined) return known;
  const fields = new Map(
    Object.entries(protobufMessages()[message] ?? {}).map(([name, [number, type, form]]) => [
      number,
      { name, type, form },
    ]),
  );
  numbered.set(message, fields);
  return fields;
}

function readMessage(bytes: Uint8Array, message: string, budget: Budget): Values {
  const fields = fieldsOf(message);
  const values: Values = {};
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    spend(budget);
    const tag = reader.uint32();
    const field = fields.get(tag >>> 3);
    if (field === undefined) reader.skipType(tag & 7);
    else readField(reader, { field, values, wireType: tag & 7, budget });
  }
  return values;
}

interface FieldPosition {
  readonly field: NumberedField;
  readonly values: Values;
  readonly wireType: number;
  readonly budget: Budget;
}

function readField(reader: protobuf.Reader, { field, values, wireType, budget }: FieldPosition): void {
  const { name, type, form } = field;
  if (form === 'inline') {
    Object.assign(values, readMessage(reader.bytes(), type, budget));
  } else if (type.startsWith('map<string,')) {
    const [key, value] = readEntry(reader.bytes(), type.slice('map<string,'.length, -1), budget);
    if (key === '__proto__') throw new UnreadableBody('the key "__proto__" is not supported');
    const map = (values[name] ??= {});
    Object.assign(map, { [key]: value });
  } else if (form === 'repeated') {
    const previous = values[name];
    const items: unknown[] = Array.isArray(previous) ? previous : [];
    items.push(...readItems(reader, { type, wireType, budget }));
    values[name] = items;
  } else {
    const value = readValue(reader, type, budget);
    if (value !== '' && value !== null) values[name] = value;
  }
}

/** One item, or all of them where numbers are packed. */
function readItems(
  reader: protobuf.Reader,
  item: { readonly type: string; readonly wireType: number; readonly budget: Budget },
): unknown[] {
  const { type, wireType, budget } = item;
  const packed = wireType === wireTypeLengthDelimited && ['int32', 'int64', 'bool', 'double'].includes(type);
  if (!packed) return [readValue(reader, type, budget) ?? {}];
  const inner = protobuf.Reader.create(reader.bytes());
  const items: unknown[] = [];
  while (inner.pos < inner.len) {
    spend(budget);
    items.push(readValue(inner, type, budget));
  }
  return items;
}

function readEntry(bytes: Uint8Array, type: string, budget: Budget): [key: string, value: unknown] {
  const reader = protobuf.Reader.create(bytes);
  let key = '';
  let value: unknown;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === 1) key = reader.string();
    else if (tag >>> 3 === 2) value = readValue(reader, type, budget);
    else reader.skipType(tag & 7);
  }
  return [key, value ?? (type === 'string' || type === 'bytes' ? '' : null)];
}

function readValue(reader: protobuf.Reader, type: string, budget: Budget): unknown {
  switch (type) {
    case 'string':
      return reader.string();
    case 'int32':
      return reader.int32();
    case 'int64':
      return Number(reader.int64());
    case 'bool':
      return reader.bool();
    case 'double':
      return reader.double();
    case 'bytes':
      return base64(reader.bytes());
    default:
      return readStruct(reader.bytes(), type, budget);
  }
}

/** Structs whose JSON form is not an object of their fields. */
const special: Readonly<Record<string, ((values: Values) => unknown) | undefined>> = {
  [`${meta}.Time`]: (values) => time(values, 0),
  [`${meta}.MicroTime`]: (values) => time(values, 6),
  'k8s.io.apimachinery.pkg.api.resource.Quantity': (values) => values['string'] ?? '0',
  'k8s.io.apimachinery.pkg.util.intstr.IntOrString': (values) =>
    values['type'] === 1 ? (values['strVal'] ?? '') : (values['intVal'] ?? 0),
  'k8s.io.apimachinery.pkg.runtime.RawExtension': (values) => embedded(values['raw']),
  [`${meta}.FieldsV1`]: (values) => embedded(values['Raw']),
};

function readStruct(bytes: Uint8Array, type: string, budget: Budget): unknown {
  const values = readMessage(bytes, type, budget);
  if (type.endsWith('.ExtraValue') || type.endsWith('.Verbs')) return values['items'] ?? [];
  const convert = special[type];
  return convert === undefined ? values : convert(values);
}

/** A time without seconds is unset. */
function time(values: Values, fractionDigits: number): string | null {
  const seconds = values['seconds'];
  if (typeof seconds !== 'number' || Math.abs(seconds) > 8.64e12) return null;
  const text = formatTime(seconds * 1000);
  const nanos = typeof values['nanos'] === 'number' ? values['nanos'] : 0;
  if (fractionDigits === 0) return text;
  return `${text.slice(0, -1)}.${String(nanos).padStart(9, '0').slice(0, fractionDigits)}Z`;
}

function embedded(base64Text: unknown): unknown {
  if (typeof base64Text !== 'string' || base64Text === '') return null;
  const bytes = Uint8Array.from(atob(base64Text), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let start = 0; start < bytes.length; start += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  return btoa(binary);
}
