import type { Operation, Path } from './operations.ts';
import type { Parameter } from './parameters.ts';
import type { Json } from './schema.ts';
import { patchTypes } from './version-three.ts';

const reference = (id: string): Json => ({ $ref: `#/definitions/${id}` });

/** The `paths` of a document of version 2. */
export const pathItems = (paths: readonly Path[]): Json =>
  Object.fromEntries(
    paths.map(({ path, operations, parameters }) => [
      path,
      {
        ...Object.fromEntries(Object.entries(operations).map(([method, each]) => [method, operationObject(each)])),
        parameters: parameters.map(parameterObject),
      },
    ]),
  );

const parameterObject = ({ name, in: place, type, description }: Parameter): Json => ({
  uniqueItems: true,
  type,
  description,
  name,
  in: place,
  ...(place === 'path' ? { required: true } : {}),
});

function operationObject(operation: Operation): Json {
  const { action, id, tag, description, parameters, type, body, response } = operation;
  const isDeletion = action === 'delete' || action === 'deletecollection';
  const bodyParameter =
    body === undefined
      ? []
      : [{ name: 'body', in: 'body', ...(isDeletion ? {} : { required: true }), schema: reference(body) }];
  const answer = { schema: reference(response) };
  return {
    description,
    consumes: action === 'patch' ? patchTypes : ['*/*'],
    produces: ['application/json'],
    schemes: ['https'],
    tags: [tag],
    operationId: id,
    parameters: [...bodyParameter, ...parameters.map(parameterObject)],
    responses: {
      '200': { description: 'OK', ...answer },
      ...(['put', 'post', 'patch'].includes(action) ? { '201': { description: 'Created', ...answer } } : {}),
      '401': { description: 'Unauthorized' },
    },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': type,
  };
}
