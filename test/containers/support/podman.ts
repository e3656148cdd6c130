import { execFile, type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findEngine, type FoundEngine } from '../../../local/containers/docker/find-engine.ts';

export const images = {
  busybox: 'localhost/skiff-test/busybox:1',
  nginx1: 'localhost/skiff-test/nginx:1',
  nginx2: 'localhost/skiff-test/nginx:2',
  static: 'localhost/skiff-test/static:1',
  mariadb: 'localhost/skiff-test/mariadb:1',
};

/** Where Podman's command line is; undefined where there is none. */
export const podmanPath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'podman'))
  .find((candidate) => existsSync(candidate));

/** For machines without systemd and with little to give, as most that run tests are. */
const configuration = `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
`;

/** What the examples name. No registry is ever asked but those that tests serve themselves, without TLS. */
const registries = `unqualified-search-registries = ["localhost"]
[aliases]
"busybox" = "localhost/skiff-test/busybox"
"nginx" = "localhost/skiff-test/nginx"
[[registry]]
location = "127.0.0.1"
insecure = true
`;

/** Podman with an API socket of its own. */
export class PodmanService {
  readonly found: FoundEngine;
  /** For DOCKER_HOST. */
  readonly url: string;
  readonly path: string;
  readonly folder: string;
  private child: ChildProcess;

  static async start(path: string): Promise<PodmanService> {
    const folder = await mkdtemp(join(tmpdir(), 'skiff-podman-'));
    await writeFile(join(folder, 'containers.conf'), configured());
    await writeFile(join(folder, 'registries.conf'), registries);
    const url = `unix://${join(folder, 'podman.sock')}`;
    const child = serve({ path, folder, url });
    return new PodmanService({ path, folder, url, child, found: await answering(folder) });
  }

  private constructor(parts: { path: string; folder: string; url: string; child: ChildProcess; found: FoundEngine }) {
    this.path = parts.path;
    this.folder = parts.folder;
    this.url = parts.url;
    this.child = parts.child;
    this.found = parts.found;
  }

  /** Runs Podman's own command line; answers what it prints. */
  async podman(...args: string[]): Promise<string> {
    const limits = { timeout: commandMilliseconds, killSignal: 'SIGKILL' } as const;
    return (await promisify(execFile)(this.path, args, { ...options(this.folder), ...limits })).stdout.trim();
  }

  /** Kills the API service and starts it again, at once or after a while; containers go on. */
  async restart(afterMilliseconds = 0): Promise<void> {
    await this.end();
    await wait(afterMilliseconds);
    this.child = serve(this);
    await answering(this.folder);
  }

  async stop(): Promise<void> {
    await this.end();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async end(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('close', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }
}

const systemConfiguration = '/etc/containers/containers.conf';

/** A machine that is set up for Podman stays so, but that its Docker API takes short names by the aliases here. */
const configured = (): string =>
  (existsSync(systemConfiguration) ? readFileSync(systemConfiguration, 'utf8') : configuration).replace(
    /^\[engine\]$|$(?![^])/m,
    '[engine]\ncompat_api_enforce_docker_hub = false',
  );

const environment = (folder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  CONTAINERS_CONF: join(folder, 'containers.conf'),
  CONTAINERS_REGISTRIES_CONF: join(folder, 'registries.conf'),
});

/** Where a container ran out of memory, Podman leaves a file named `oom` in its working directory. */
const options = (folder: string): { cwd: string; env: NodeJS.ProcessEnv } => ({
  cwd: folder,
  env: environment(folder),
});

/** After that a command of Podman's has locked up. */
const commandMilliseconds = 120_000;

const serve = ({ path, folder, url }: { path: string; folder: string; url: string }): ChildProcess =>
  spawn(path, ['system', 'service', '--time=0', url], { ...options(folder), stdio: 'ignore' });

async function answering(folder: string): Promise<FoundEngine> {
  const socketPath = join(folder, 'podman.sock');
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await findEngine([{ url: `unix://${socketPath}`, socketPath }]);
    } catch (error) {
      if (attempt > 100) throw error;
      await wait(100);
    }
  }
}
