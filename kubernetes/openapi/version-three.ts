import type { Operation, Path } from './operations.ts';
import type { Parameter } from './parameters.ts';
import type { Json } from './schema.ts';

export const patchTypes = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
] as const;

const reference = (id: string): Json => ({ $ref: `#/components/schemas/${id}` });

/** The `paths` of a document of version 3. */
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
  name,
  in: place,
  description,
  ...(place === 'path' ? { required: true } : {}),
  schema: { type, uniqueItems: true },
});

function operationObject(operation: Operation): Json {
  const { action, id, tag, description, parameters, type, body, response } = operation;
  const answer = { content: { 'application/json': { schema: reference(response) } } };
  return {
    tags: [tag],
    description,
    operationId: id,
    ...(parameters.length === 0 ? {} : { parameters: parameters.map(parameterObject) }),
    ...(body === undefined ? {} : { requestBody: requestBody(action, body) }),
    responses: {
      '200': { description: 'OK', ...answer },
      ...(['put', 'post', 'patch'].includes(action) ? { '201': { description: 'Created', ...answer } } : {}),
      ...(action === 'delete' || action === 'post' ? { '202': { description: 'Accepted', ...answer } } : {}),
      '401': { description: 'Unauthorized' },
    },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': type,
  };
}

function requestBody(action: Operation['action'], id: string): Json {
  const media = { schema: reference(id) };
  const types = action === 'patch' ? patchTypes : ['*/*'];
  const required = action === 'delete' || action === 'deletecollection' ? {} : { required: true };
  return { content: Object.fromEntries(types.map((type) => [type, media])), ...required };
}
