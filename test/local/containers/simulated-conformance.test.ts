import { SimulatedRuntime } from '../../../local/containers/simulated.ts';
import { describeContainerRuntime } from '../../conformance/container-runtime.ts';
import { ManualClock } from '../../support/manual-clock.ts';

describeContainerRuntime('SimulatedRuntime', async () => {
  const clock = new ManualClock();
  return {
    runtime: new SimulatedRuntime({ clock }),
    image: 'public.ecr.aws/docker/library/busybox:1.36',
    during: async (work) => {
      const settled = Promise.allSettled([work]);
      await clock.advance(60_000);
      await settled;
      return work;
    },
  };
});
