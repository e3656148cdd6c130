import protobuf from 'protobufjs/minimal.js';
import { type ProtobufField, protobufMessages } from '../../../kubernetes/decode/protobuf-messages.gen.ts';

type Values = Readonly<Record<string, unknown>>;

/** An object as `application/vnd.kubernetes.protobuf`, as far as its values fit their fields; what does not is left out. */
export function protobufBody(object: Values): Uint8Array {
  const [apiVersion, kind] = [String(object['apiVersion']), String(object['kind'])];
  const [first = '', second] = apiVersion.split('/');
  const group = second === undefined ? 'core' : (first.split('.')[0] ?? '');
  const type = protobuf.Writer.create().uint32(0x0a).string(apiVersion).uint32(0x12).string(kind).finish();
  const raw = message(object, `k8s.io.api.${group}.${second ?? first}.${kind}`);
  const unknown = protobuf.Writer.create().uint32(0x0a).bytes(type).uint32(0x12).bytes(raw).finish();
  return Buffer.concat([Buffer.from('k8s\0'), unknown]);
}

function message(values: Values, name: string): Uint8Array {
  const writer = protobuf.Writer.create();
  for (const [key, [number, type, form]] of Object.entries(protobufMessages()[name] ?? {})) {
    if (form === 'inline') field(writer, [number, type], values);
    else if (Object.hasOwn(values, key))
      write(writer, form === undefined ? [number, type] : [number, type, form], values[key]);
  }
  return writer.finish();
}

function write(writer: protobuf.Writer, [number, type, form]: ProtobufField, value: unknown): void {
  if (form === 'repeated') {
    if (Array.isArray(value)) for (const item of value) field(writer, [number, type], item);
  } else if (type.startsWith('map<string,')) {
    if (typeof value !== 'object' || value === null) return;
    const of = type.slice('map<string,'.length, -1).trim();
    for (const [key, item] of Object.entries(value)) {
      const entry = protobuf.Writer.create().uint32(0x0a).string(key);
      field(entry, [2, of], item);
      writer.uint32(number * 8 + 2).bytes(entry.finish());
    }
  } else field(writer, [number, type], value);
}

function field(writer: protobuf.Writer, [number, type]: ProtobufField, value: unknown): void {
  if (type === 'string') writer.uint32(number * 8 + 2).string(String(value));
  else if (type === 'bytes') writer.uint32(number * 8 + 2).bytes(Buffer.from(String(value)));
  else if (type === 'int32' || type === 'int64')
    writer.uint32(number * 8).int64(Number.isSafeInteger(value) ? Number(value) : -1);
  else if (type === 'bool') writer.uint32(number * 8).bool(value === true);
  else if (/\.(Quantity|Time|MicroTime|IntOrString|FieldsV1)$/.test(type)) {
    writer.uint32(number * 8 + 2).bytes(
      protobuf.Writer.create()
        .uint32(0x0a)
        .string(JSON.stringify(value) ?? '')
        .finish(),
    );
  } else if (typeof value === 'object' && value !== null) {
    writer.uint32(number * 8 + 2).bytes(message(value as Values, type));
  }
}
