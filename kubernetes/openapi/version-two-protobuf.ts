import protobuf from 'protobufjs/minimal.js';
import type { Operation, Path } from './operations.ts';
import { patchTypes } from './version-three.ts';

/**
 * The document of version 2 in the protobuf form of gnostic (OpenAPIv2.proto). kubectl 1.27 and 1.28 look in it for
 * whether a kind's PATCH has a parameter `fieldValidation`, and `kubectl explain --output=plaintext-openapiv2` for the
 * definitions: it holds nothing else.
 */
export function encodeDocument(paths: readonly Path[], definitions: Readonly<Record<string, Schema>>): Uint8Array {
  const patches = paths.flatMap(({ path, operations: { patch } }) => (patch === undefined ? [] : [{ path, patch }]));
  return message([
    [documentField.swagger, '2.0'],
    [
      documentField.info,
      message([
        [1, 'Kubernetes'],
        [2, 'v1'],
      ]),
    ],
    [documentField.paths, message(patches.map(({ path, patch }) => [2, namedPathItem(path, patch)]))],
    [documentField.definitions, namedSchemas(definitions)],
  ]);
}

const documentField = { swagger: 1, info: 2, paths: 8, definitions: 9 } as const;

const namedPathItem = (path: string, patch: Operation): Uint8Array =>
  message([
    [1, path],
    [2, message([[pathItemField.patch, operation(patch)]])],
  ]);

const pathItemField = { patch: 8 } as const;
const operationField = { operationId: 5, consumes: 7, parameters: 8, responses: 9, vendorExtension: 13 } as const;

const operation = ({ id, parameters, type }: Operation): Uint8Array =>
  message([
    [operationField.operationId, id],
    ...patchTypes.map((each) => [operationField.consumes, each] as const),
    ...parameters.map(({ name, type: kind }) => [operationField.parameters, queryParameter(name, kind)] as const),
    [operationField.responses, message([])],
    [operationField.vendorExtension, extension('x-kubernetes-group-version-kind', type)],
  ]);

/** Its value is YAML, which JSON is too. */
const extension = (name: string, value: unknown): Uint8Array =>
  message([
    [1, name],
    [2, message([[2, `${JSON.stringify(value)}\n`]])],
  ]);

/** ParametersItem > Parameter > NonBodyParameter > QueryParameterSubSchema. */
const queryParameter = (name: string, type: string): Uint8Array =>
  message([
    [
      1,
      message([
        [
          2,
          message([
            [
              3,
              message([
                [2, 'query'],
                [4, name],
                [6, type],
              ]),
            ],
          ]),
        ],
      ]),
    ],
  ]);

/** What a schema of these documents may have. */
export interface Schema {
  readonly $ref?: string;
  readonly format?: string;
  readonly description?: string;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly type?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

const schemaField = {
  $ref: 1,
  format: 2,
  description: 4,
  required: 19,
  additionalProperties: 21,
  type: 22,
  items: 23,
  properties: 25,
  vendorExtension: 31,
} as const;

/** Definitions, or properties. */
const namedSchemas = (schemas: Readonly<Record<string, Schema>>): Uint8Array =>
  message(
    Object.entries(schemas).map(([name, each]) => [
      1,
      message([
        [1, name],
        [2, schema(each)],
      ]),
    ]),
  );

function schema(source: Schema): Uint8Array {
  const { $ref, format, description, required = [], additionalProperties, type, items, properties } = source;
  const extensions = Object.entries(source).filter(([name]) => name.startsWith('x-'));
  const given = <T>(number: number, value: T | undefined, write: (value: T) => string | Uint8Array): Field[] =>
    value === undefined ? [] : [[number, write(value)]];
  const only = (value: string | Uint8Array): Uint8Array => message([[1, value]]);
  return message([
    ...given(schemaField.$ref, $ref, String),
    ...given(schemaField.format, format, String),
    ...given(schemaField.description, description, String),
    ...required.map((name): Field => [schemaField.required, name]),
    ...given(schemaField.additionalProperties, additionalProperties, (each) => only(schema(each))),
    ...given(schemaField.type, type, only),
    ...given(schemaField.items, items, (each) => only(schema(each))),
    ...given(schemaField.properties, properties, namedSchemas),
    ...extensions.map(([name, value]): Field => [schemaField.vendorExtension, extension(name, value)]),
  ]);
}

type Field = readonly [number: number, value: string | Uint8Array];

/** Fields that are texts or messages, in the order given. */
function message(fields: readonly Field[]): Uint8Array {
  const writer = protobuf.Writer.create();
  for (const [number, value] of fields) {
    writer.uint32((number << 3) | 2);
    if (typeof value === 'string') writer.string(value);
    else writer.bytes(value);
  }
  return writer.finish();
}
