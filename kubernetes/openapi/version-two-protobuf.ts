import protobuf from 'protobufjs/minimal.js';
import type { Operation, Path } from './operations.ts';
import { patchTypes } from './version-three.ts';

/**
 * The document of version 2 in the protobuf form of gnostic (OpenAPIv2.proto), for kubectl 1.27 and 1.28. They look in it
 * for one thing: whether a kind's PATCH has a parameter `fieldValidation`; so it holds that and no definitions.
 */
export function encodeDocument(paths: readonly Path[]): Uint8Array {
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
    [documentField.definitions, message([])],
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
    [
      operationField.vendorExtension,
      message([
        [1, 'x-kubernetes-group-version-kind'],
        [2, message([[2, `group: ${JSON.stringify(type.group)}\nkind: ${type.kind}\nversion: ${type.version}\n`]])],
      ]),
    ],
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

/** Fields that are texts or messages, in the order given. */
function message(fields: readonly (readonly [number: number, value: string | Uint8Array])[]): Uint8Array {
  const writer = protobuf.Writer.create();
  for (const [number, value] of fields) {
    writer.uint32((number << 3) | 2);
    if (typeof value === 'string') writer.string(value);
    else writer.bytes(value);
  }
  return writer.finish();
}
