import { randomUUID } from 'node:crypto';
import { applyManifests, type Refused } from './apply.ts';
import { createAuthority, createServerCertificate, type Certificate } from './certificates.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { openRuntime, type RuntimeOptions } from './containers/open-runtime.ts';
import type { JournalOptions } from './journal.ts';
import { type DataDirectory, openDataDirectory } from './data-directory.ts';
import { apiServerAddress } from './installation.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { readManifests } from './manifests.ts';
import { requireOwnFile } from './private-file.ts';
import { startServer } from './server.ts';
import { systemClock } from './system-clock.ts';
import { standardToolboxImage } from '../translate/toolbox/toolbox-image.ts';
import { newToken } from './token.ts';

export interface UpOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly kubeconfig: string;
  readonly data: string | undefined;
  /** What the data directory outlives, see journal.ts. */
  readonly durability: JournalOptions['durability'];
  /** Lines of the data directory's journals that cannot be read are set aside, see line-file.ts. */
  readonly skipDamaged?: boolean;
  readonly token: string | undefined;
  readonly speed: 'fast' | 'real';
  /** What runs the containers, and where to look for it. */
  readonly runtime: Pick<RuntimeOptions, 'choice' | 'environment' | 'home'>;
  /** Files and directories of manifests. */
  readonly apply: readonly string[];
  report(error: unknown): void;
}

/** Skiff, serving. */
export interface Skiff {
  readonly url: string;
  readonly kubeconfig: string;
  /** What runs the containers, for people. */
  readonly containers: string;
  /** Manifests that could not be applied. */
  readonly refused: readonly Refused[];
  stop(): Promise<void>;
}

/** Starts local mode; rejects with an error fit for people when something that it needs is not to be had. */
export async function up(options: UpOptions): Promise<Skiff> {
  const undo: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (let next = undo.pop(); next !== undefined; next = undo.pop()) {
      try {
        await next();
      } catch (error) {
        // An engine that is gone does not keep the data from being closed.
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  try {
    return { ...(await start(options, undo)), stop };
  } catch (error) {
    await stop().catch((failure: unknown) => options.report(failure));
    throw error;
  }
}

async function start(options: UpOptions, undo: (() => Promise<void> | void)[]): Promise<Omit<Skiff, 'stop'>> {
  const manifests = await readManifests(options.apply);
  requireOwnFile(options.kubeconfig);
  const report = (error: unknown): void => options.report(error);
  const data = options.data === undefined ? undefined : await openData(options.data, options);
  if (data !== undefined) undo.push(() => data.close());
  const token = data?.token(options.token) ?? options.token ?? newToken();
  const { authority, certificate } = await certificates(data);

  // The port comes first: the API's own Service names it. Who calls already waits for the rest.
  let serve = (_controlPlane: ControlPlane): void => {};
  const served = new Promise<ControlPlane>((resolve) => {
    serve = resolve;
  });
  const server = await startServer({
    port: options.port,
    certificate,
    clock: systemClock,
    fetch: async (request) => (await served).app.fetch(request),
    upgrade: (connection) => {
      void served.then((controlPlane) => controlPlane.upgrade(connection));
    },
  }).catch((error: unknown) => {
    throw listenError(error, options.port);
  });
  undo.push(() => server.stop());
  const toolboxImage = options.runtime.environment['SKIFF_TOOLBOX_IMAGE'] || standardToolboxImage;
  const { runtime, description } = await openRuntime({
    ...options.runtime,
    toolboxImage,
    clock: systemClock,
    dataDirectory: options.data,
    newId: () => randomUUID(),
    report,
  });
  undo.push(() => runtime.close());
  const controlPlane = await startControlPlane({
    clock: systemClock,
    runtime,
    toolboxImage,
    speed: options.speed,
    token,
    apiServer: { address: apiServerAddress, port: server.port },
    certificateAuthority: authority.certificate,
    newId: () => randomUUID(),
    random: () => Math.random(),
    report,
    ...(data === undefined ? {} : { data }),
  });
  undo.push(() => controlPlane.stop());
  serve(controlPlane);
  const refused = await applyManifests(controlPlane.app, token, manifests);
  const url = `https://127.0.0.1:${server.port}`;
  writeKubeconfig(options.kubeconfig, { url, authority: authority.certificate, token });
  return {
    url,
    kubeconfig: options.kubeconfig,
    containers: description,
    refused,
  };
}

const openData = (path: string, { durability, skipDamaged, ...options }: UpOptions): Promise<DataDirectory> =>
  openDataDirectory(path, {
    nowMilliseconds: systemClock.now(),
    durability,
    skipDamaged: skipDamaged === true,
    report: (error) => options.report(error),
    notice: (text) => options.report(text),
  });

async function certificates(
  data: DataDirectory | undefined,
): Promise<{ authority: Certificate; certificate: Certificate }> {
  const now = systemClock.now();
  const authority = await (data?.authority() ?? createAuthority(now));
  return { authority, certificate: await createServerCertificate(authority, now) };
}

function listenError(error: unknown, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return new Error(`port ${port} of 127.0.0.1 is in use: choose another with --port, or 0 for any free one`);
  }
  if (code === 'EACCES')
    return new Error(`port ${port} of 127.0.0.1 may not be used by this user: choose another with --port`);
  return error;
}
