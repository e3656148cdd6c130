import { z } from 'zod';
import { defineKind } from '../../kind.ts';
import { subdomainProblems } from '../../names.ts';
import { objectMeta } from '../../object-meta.ts';
import { localObjectReference, objectReference } from '../../object-reference.ts';
import { once } from '../../once.ts';
import { atomicList, mapList, struct } from '../../schema.ts';
import { ageColumn, nameColumn } from '../../table.ts';

const schema = once(() =>
  struct('io.k8s.api.core.v1.ServiceAccount', {
    kind: z.literal('ServiceAccount'),
    apiVersion: z.literal('v1'),
    metadata: objectMeta(),
    secrets: mapList(objectReference(), ['name']).optional(),
    imagePullSecrets: atomicList(localObjectReference()).optional(),
    automountServiceAccountToken: z.boolean().optional(),
  }),
);

export type ServiceAccount = z.infer<ReturnType<typeof schema>>;

/** Secrets are those of the account's namespace: of the references only the names are kept. */
function keepNames(object: ServiceAccount): void {
  if (object.secrets === undefined) return;
  object.secrets = object.secrets.map(({ name }) => (name === undefined ? {} : { name }));
}

export const serviceAccount = defineKind<ServiceAccount>({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  namespaced: true,
  schema,
  nameProblems: subdomainProblems,
  prepareCreate: keepNames,
  prepareUpdate: keepNames,
  columns: [nameColumn, { name: 'Secrets', cell: ({ secrets = [] }) => secrets.length }, ageColumn],
  subresources: {
    others: [{ name: 'token', verbs: ['create'], kind: 'TokenRequest', group: 'authentication.k8s.io', version: 'v1' }],
  },
});
