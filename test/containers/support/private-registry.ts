import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestEngine } from './engine.ts';

export interface PrivateRegistry {
  /** `127.0.0.1:<port>` */
  readonly host: string;
  /** The one image in it, which it has under any name. */
  image(name: string): string;
  /** The names that it was asked for by tests. */
  readonly given: ReadonlySet<string>;
  /** The Authorization headers of requests, in order; '' for those that had none. */
  readonly authorizations: string[];
  stop(): Promise<void>;
}

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';

interface Blob {
  readonly digest: string;
  readonly content: Buffer;
}

const blob = (content: Buffer): Blob => ({
  digest: `sha256:${createHash('sha256').update(content).digest('hex')}`,
  content,
});

/**
 * A registry (https://distribution.github.io/distribution/spec/api/) that shows one image, taken from the engine, to who
 * signs in with name and password.
 */
export async function startPrivateRegistry(
  engine: TestEngine,
  { from, username, password }: { readonly from: string; readonly username: string; readonly password: string },
): Promise<PrivateRegistry> {
  const { manifest, blobs } = await saved(engine, from);
  const wanted = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const authorizations: string[] = [];
  const find = (url: string): { readonly type: string; readonly found: Blob | undefined } => {
    if (/^\/v2\/team\/[\w.-]+\/manifests\//.test(url)) return { type: manifestType, found: manifest };
    const digest = url.replace(/^.*\/blobs\//, '');
    return { type: 'application/octet-stream', found: blobs.find((each) => each.digest === digest) };
  };
  const server = createServer((request: IncomingMessage, response) => {
    const { url = '', method, headers } = request;
    authorizations.push(headers.authorization ?? '');
    if (headers.authorization !== wanted) {
      const body = JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] });
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="private"', 'Content-Type': 'application/json' });
      response.end(body);
      return;
    }
    const { type, found } = find(url);
    if (url === '/v2/') return void response.writeHead(200).end();
    if (found === undefined) return void response.writeHead(404).end();
    const length = found.content.length;
    response.writeHead(200, { 'Content-Type': type, 'Content-Length': length, 'Docker-Content-Digest': found.digest });
    response.end(method === 'HEAD' ? undefined : found.content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const given = new Set<string>();
  return {
    host,
    image: (name) => {
      const image = `${host}/team/${name}:1`;
      given.add(image);
      return image;
    },
    given,
    authorizations,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An image of the engine's store as a registry keeps it. */
async function saved(engine: TestEngine, image: string): Promise<{ manifest: Blob; blobs: Blob[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'skiff-registry-'));
  const archive = join(folder, 'image.tar');
  await engine.podman('save', '--format', 'docker-archive', '--output', archive, image);
  await promisify(execFile)('tar', ['-xf', archive, '-C', folder]);
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  const [described] = JSON.parse(read('manifest.json').toString()) as { Config: string; Layers: string[] }[];
  // Another author makes it another image, so that to remove it takes nothing from anybody.
  const original = JSON.parse(read(described?.Config ?? '').toString()) as object;
  const config = blob(Buffer.from(JSON.stringify({ ...original, author: `private registry ${randomUUID()}` })));
  const layers = (described?.Layers ?? []).map((name) => blob(read(name)));
  const entry = (mediaType: string, { digest, content }: Blob) => ({ mediaType, digest, size: content.length });
  const manifest = {
    schemaVersion: 2,
    mediaType: manifestType,
    config: entry('application/vnd.docker.container.image.v1+json', config),
    layers: layers.map((layer) => entry('application/vnd.docker.image.rootfs.diff.tar', layer)),
  };
  await rm(folder, { recursive: true });
  return { manifest: blob(Buffer.from(JSON.stringify(manifest))), blobs: [config, ...layers] };
}
