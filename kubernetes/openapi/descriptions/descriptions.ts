/**
 * What a type and its fields mean for who writes or reads them, by the id of the type; the type itself is under ''. Said
 * in our own words, and of fields that ECS treats otherwise as translate/support.ts decides. They stand apart from the
 * schemas, which every process loads: these are read by the OpenAPI documents alone.
 */
export type Descriptions = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What every object has. */
export const objectFields = {
  apiVersion: 'Group and version that the object is written in, like v1 or apps/v1.',
  kind: 'What kind of object this is.',
  metadata: 'Name, namespace, labels, annotations and what the server keeps of the object.',
} as const;
