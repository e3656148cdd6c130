// What a container engine costs: `skiff up` with one, and a pod beside `podman run`, each by turns in one run.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startServer } from './bare-server.mjs';
import { client } from './client.mjs';
import { interleaved, ratio, timed } from './medians.mjs';
import { importSources, root } from './sources.mjs';
import { skiffUp } from './start-up.mjs';

const run = promisify(execFile);
const token = 'bench';
const pods = '/api/v1/namespaces/default/pods';

const podOf = (name, image) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image, command: ['sleep', '1000'] }] },
});

/** From a request for a pod to the news that it is Running; then it goes again, and all that the engine has of it. */
async function untilRunning({ api, service }, name, request) {
  let tell = () => {};
  const running = new Promise((resolve) => (tell = resolve));
  const close = await api.watch(`${pods}?watch=true&fieldSelector=metadata.name%3D${name}`, (_events, chunk) => {
    if (chunk.includes('"phase":"Running"')) tell();
  });
  try {
    return await timed(() => Promise.all([request(), running]));
  } finally {
    close();
    await api.request('DELETE', `${pods}/${name}`);
    while ((await service.podman('ps', '-aq', '--filter', 'label=dev.skiff.task')) !== '');
  }
}

/** The ways to a running process. Each answers its milliseconds, and leaves nothing. */
function ways({ api, service, kubeconfig, image }) {
  let count = 0;
  const podman = async (arguments_, ...names) => {
    try {
      return await timed(async () => {
        for (const each of arguments_) await service.podman('run', '-d', ...each, image, 'sleep', '1000');
      });
    } finally {
      for (const name of names) await service.podman('rm', '-f', '-t', '0', name);
    }
  };
  return {
    podmanRun: () => podman([['--name', 'skiff-bench']], 'skiff-bench'),
    // As a task has it: a container that keeps the network, and another in it.
    podmanRunInNetwork: () =>
      podman(
        [
          ['--name', 'skiff-bench-network'],
          ['--name', 'skiff-bench', '--network', 'container:skiff-bench-network'],
        ],
        'skiff-bench',
        'skiff-bench-network',
      ),
    post: () => {
      const name = `post-${(count += 1)}`;
      return untilRunning({ api, service }, name, () =>
        api.request('POST', pods, { body: JSON.stringify(podOf(name, image)) }),
      );
    },
    kubectlApply: () => {
      const name = `apply-${(count += 1)}`;
      return untilRunning({ api, service }, name, () => {
        const applying = run('kubectl', ['--kubeconfig', kubeconfig, 'apply', '-f', '-']);
        applying.child.stdin.end(JSON.stringify(podOf(name, image)));
        return applying;
      });
    },
  };
}

/** The whole measurement, as plain data. Needs Podman and kubectl. */
export async function benchEngine(program, { runs = 10 } = {}) {
  const { PodmanService, podmanPath, images } = await importSources('test/containers/support/podman.ts');
  if (podmanPath === undefined) return { leftOut: 'there is no podman on PATH' };
  await run(join(root, 'test', 'containers', 'images.sh'));
  const home = mkdtempSync(join(tmpdir(), 'skiff-bench-'));
  const service = await PodmanService.start(podmanPath);
  const environment = { HOME: home, DOCKER_HOST: service.url, SKIFF_TOOLBOX_IMAGE: images.busybox };
  try {
    const startUp = await interleaved(runs, {
      simulated: () => skiffUp(program, environment, ['--runtime', 'simulated']),
      engine: () => skiffUp(program, environment, ['--runtime', 'docker']),
    });
    const kubeconfig = join(home, 'kubeconfig');
    const args = [program, 'up', '--port', '0', '--kubeconfig', kubeconfig, '--token', token, '--runtime', 'docker'];
    const skiff = await startServer(args, environment);
    const api = client({ url: skiff.url, token });
    try {
      const all = ways({ api, service, kubeconfig, image: images.busybox });
      // What only the first pays: kubectl's discovery, the installation's network.
      await interleaved(1, all);
      const pod = await interleaved(runs, all);
      return {
        startUp: { ...startUp, ratio: ratio(startUp.engine, startUp.simulated) },
        pod: {
          ...pod,
          ratio: ratio(pod.kubectlApply, pod.podmanRun),
          ratioInNetwork: ratio(pod.kubectlApply, pod.podmanRunInNetwork),
        },
      };
    } finally {
      api.close();
      await skiff.stop();
    }
  } finally {
    await service.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
