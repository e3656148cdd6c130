import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeKubeconfig } from '../../local/kubeconfig.ts';
import type { KubectlTarget } from '../kubectl/support/client.ts';
import { forEachKubectl } from '../kubectl/support/for-each-kubectl.ts';
import { start } from '../kubectl/support/kubectl.ts';
import { walk } from '../kubectl/walk.ts';
import { type Bundles, buildBundles } from '../support/lambda-host/bundles.ts';
import { type LambdaHost, startLambdaHost } from '../support/lambda-host/host.ts';

/** One is enough: what differs between versions of kubectl does not differ between hosts. */
const kubectls = 1;

forEachKubectl((binary) => {
  describe('the walk on Lambda, DynamoDB and SQS', () => {
    let bundles: Bundles | undefined;
    let host: LambdaHost | undefined;
    let home = '';
    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), 'skiff-cloud-'));
      bundles = await buildBundles();
      host = await startLambdaHost({ bundles, apiProcesses: 8, watchSeconds: 10 });
      writeKubeconfig(join(home, 'kubeconfig'), host);
    });
    afterAll(async () => {
      await host?.stop();
      await bundles?.remove();
      await rm(home, { recursive: true, force: true });
    });
    const target: KubectlTarget = {
      kubectl: ({ path, name }, args, options = {}) =>
        start(path, [`--cache-dir=${join(home, 'cache', name)}`, ...args], {
          ...options,
          env: { HOME: home, KUBECONFIG: join(home, 'kubeconfig'), ...options.env },
        }),
    };

    walk(() => target, binary);

    test('no work was set aside, and many processes have had their part', () => {
      expect(host?.aws.setAside()).toEqual([]);
      expect(host?.functions.api.processes).toBeGreaterThanOrEqual(8);
    });
  });
}, kubectls);
