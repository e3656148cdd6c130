import type { EnvironmentSource } from './environment.ts';

/** What a pod learns only when it runs, and what a variable for it cannot hold. */
const knownLater: Readonly<Record<string, string>> = {
  'status.podIP': 'the address of a pod',
  'status.podIPs': 'the addresses of a pod',
  'status.hostIP': 'the address of a node',
  'status.hostIPs': 'the addresses of a node',
  'spec.nodeName': 'the node of a pod',
};

/** Fields that are known of a bare pod, but not of the pods of a workload, which have yet to be made. */
const knownOfPods: Readonly<Record<string, string>> = {
  'metadata.name': 'the name of a pod',
  'metadata.uid': 'the uid of a pod',
};

const subscript = /^metadata\.(labels|annotations)\['(.+)'\]$/;

type FieldSource = Pick<EnvironmentSource, 'owner' | 'template'>;

/** The text of `fieldRef.fieldPath`, or why the variable is left unset. */
export function fieldValue(
  path: string,
  source: FieldSource,
): { readonly value: string } | { readonly unset: true; readonly warning: string } | { readonly refused: string } {
  const value = knownValue(path, source);
  if (value !== undefined) return { value };
  const what = knownOfPods[path] ?? knownLater[path];
  return what === undefined
    ? { refused: `unsupported fieldPath: ${path}` }
    : { unset: true, warning: `${what} is not known before its task starts: the variable is not set` };
}

function knownValue(path: string, { owner, template }: FieldSource): string | undefined {
  const [, map, key = ''] = subscript.exec(path) ?? [];
  if (map === 'labels' || map === 'annotations') return template.metadata?.[map]?.[key] ?? '';
  if (path === 'metadata.namespace') return owner.namespace;
  if (path === 'spec.serviceAccountName') return template.spec.serviceAccountName ?? 'default';
  if (owner.kind !== 'Pod') return undefined;
  return { 'metadata.name': owner.name, 'metadata.uid': owner.uid }[path];
}
