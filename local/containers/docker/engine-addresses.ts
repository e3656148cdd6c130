import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineAddress } from './engine.ts';

export interface EngineSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's home directory. */
  readonly home: string;
}

/** Where an engine may answer: where DOCKER_HOST says, else those of the usual sockets that are there. */
export function engineAddresses(surroundings: EngineSurroundings): readonly EngineAddress[] {
  const { DOCKER_HOST: named } = surroundings.environment;
  if (named !== undefined && named !== '') return [addressOf(named, surroundings.environment)];
  return usualSockets(surroundings)
    .filter((path) => existsSync(path))
    .map((socketPath) => ({ url: `unix://${socketPath}`, socketPath }));
}

/** Those of the user before those of the machine, Docker's before Podman's. */
export function usualSockets({ environment, home }: EngineSurroundings): readonly string[] {
  const runtimeDirectory = environment['XDG_RUNTIME_DIR'];
  const ofUser = runtimeDirectory === undefined ? [] : [join(runtimeDirectory, 'docker.sock')];
  return [
    ...ofUser,
    join(home, '.docker', 'run', 'docker.sock'),
    '/var/run/docker.sock',
    ...(runtimeDirectory === undefined ? [] : [join(runtimeDirectory, 'podman', 'podman.sock')]),
    '/run/podman/podman.sock',
  ];
}

/** What DOCKER_HOST and its companions mean to Docker's own client. Throws for what cannot be reached. */
export function addressOf(url: string, environment: EngineSurroundings['environment']): EngineAddress {
  if (url.startsWith('unix://')) return { url, socketPath: url.slice('unix://'.length) };
  if (url.startsWith('npipe://')) return { url, socketPath: url.slice('npipe://'.length) };
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['tcp:', 'http:', 'https:'].includes(parsed.protocol))
    throw new Error(`DOCKER_HOST is ${url}: it may begin with unix://, npipe://, tcp://, http:// or https://`);
  const secure = (environment['DOCKER_TLS_VERIFY'] ?? '') !== '' || parsed.protocol === 'https:';
  const standardPort = secure ? '2376' : '2375';
  return {
    url,
    host: parsed.hostname,
    port: parsed.port === '' ? standardPort : parsed.port,
    protocol: secure ? 'https' : 'http',
    ...(secure ? certificates(environment['DOCKER_CERT_PATH']) : {}),
  };
}

const certificates = (directory: string | undefined): Pick<EngineAddress, 'ca' | 'cert' | 'key'> =>
  directory === undefined
    ? {}
    : {
        ca: readFileSync(join(directory, 'ca.pem')),
        cert: readFileSync(join(directory, 'cert.pem')),
        key: readFileSync(join(directory, 'key.pem')),
      };
