import { isMap, isSeq, parseDocument } from 'yaml';
import { readOwnFile } from './own-file.ts';
import { requireOwnFile, writePrivateFile } from './private-file.ts';

export interface Connection {
  /** `https://127.0.0.1:8001` */
  readonly url: string;
  /** PEM. */
  readonly authority: string;
  readonly token: string;
}

const name = 'skiff';

/** The first line of a file that is ours alone. */
const mark = '# Written by `skiff up`, which replaces it at each start.';

/**
 * Writes the kubeconfig of a running Skiff, mode 0600. A file that others write in keeps what it has: the cluster, user
 * and context `skiff` are put into it and become current. Throws when there is a file that is no kubeconfig, or that others
 * may write to.
 */
export function writeKubeconfig(path: string, connection: Connection): void {
  requireOwnFile(path);
  const existing = readOwnFile(path) ?? '';
  const ours = existing.trim() === '' || existing.startsWith(mark);
  const wanted = ours ? kubeconfig(connection) : merged(path, existing, connection);
  // It may be that there is no room on the disk, and nothing to be written.
  if (wanted !== existing) writePrivateFile(path, wanted);
}

function kubeconfig(connection: Connection): string {
  // JSON's strings are YAML's too.
  const { url, authorityData, token } = values(connection);
  return `${mark}
apiVersion: v1
kind: Config
clusters:
- name: ${name}
  cluster:
    server: ${JSON.stringify(url)}
    certificate-authority-data: ${authorityData}
users:
- name: ${name}
  user:
    token: ${JSON.stringify(token)}
contexts:
- name: ${name}
  context:
    cluster: ${name}
    user: ${name}
    namespace: default
current-context: ${name}
`;
}

const values = ({ url, authority, token }: Connection): { url: string; authorityData: string; token: string } => ({
  url,
  authorityData: Buffer.from(authority).toString('base64'),
  token,
});

/** The file with our entries in it; its comments and everything else stay. */
function merged(path: string, existing: string, connection: Connection): string {
  const document = parseDocument(existing);
  if (document.errors.length > 0 || !isMap(document.contents) || document.get('kind') !== 'Config') {
    throw new Error(`${path} exists and is not a kubeconfig; it has been left as it is`);
  }
  const { url, authorityData, token } = values(connection);
  const entries = {
    clusters: { name, cluster: { server: url, 'certificate-authority-data': authorityData } },
    users: { name, user: { token } },
    contexts: { name, context: { cluster: name, user: name, namespace: 'default' } },
  };
  for (const [list, entry] of Object.entries(entries)) {
    const there = document.get(list);
    if (!isSeq(there)) {
      document.set(list, document.createNode([entry]));
      continue;
    }
    const index = there.items.findIndex((item) => isMap(item) && item.get('name') === name);
    if (index < 0) there.add(document.createNode(entry));
    else there.set(index, document.createNode(entry));
  }
  document.set('current-context', name);
  return document.toString();
}
