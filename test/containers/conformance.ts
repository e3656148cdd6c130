import { randomUUID } from 'node:crypto';
import { DockerRuntime } from '../../local/containers/docker/docker-runtime.ts';
import { ownershipOf } from '../../local/containers/docker/ownership.ts';
import { systemClock } from '../../local/system-clock.ts';
import { describeContainerRuntime } from '../conformance/container-runtime.ts';
import { images, onRealContainers } from './support/engine.ts';

onRealContainers('the runtime on an engine', (engine) => {
  describeContainerRuntime('DockerRuntime', async () => ({
    runtime: await DockerRuntime.open({
      found: engine().found,
      clock: systemClock,
      ownership: ownershipOf(undefined, randomUUID),
      toolboxImage: images.busybox,
      report: (error) => {
        throw error;
      },
    }),
    image: images.busybox,
    during: (work) => work,
  }));
});
