import { afterAll, describe, expect, test } from 'vitest';
import { deploymentTests } from './ecs-deployments.ts';
import { Ecs, waitAfterWrites, type EcsUnderTest } from './ecs-fixture.ts';
import { serviceDeploymentTests } from './ecs-service-deployments.ts';
import { serviceTests } from './ecs-services.ts';
import { taskTests } from './ecs-tasks.ts';

/** Names a behaviour of ECS and shows it. */
export type Case = (name: string, run: (ecs: Ecs) => Promise<void>) => void;

const parts = {
  deployments: deploymentTests,
  serviceDeployments: serviceDeploymentTests,
  services: serviceTests,
  tasks: taskTests,
};

type Part = keyof typeof parts;
const allParts: readonly Part[] = ['deployments', 'serviceDeployments', 'services', 'tasks'];

/**
 * What Skiff relies on ECS to do, through SDK clients alone: every ECS has to pass, emulated or real (where a minute
 * takes a minute). `make` gives each test a cluster without services and a family `web` of its own. `only` leaves the other
 * parts out, where they cannot differ. Says at its end how many behaviours were shown.
 *
 * What is known of ECS and has no case here:
 * - load balancers, service registries, Service Connect, volumes, blue/green, linear and canary deployments, other
 *   deployment controllers: Skiff does not use them, and the emulation refuses them
 * - a circuit breaker's upper bound of 200 tasks, and that it may count failures across healthy tasks
 *   (`resetOnHealthyTask: false`): test/local/ecs/services/circuit-breaker.test.ts
 * - a rollback that fails: no task definition is good first and bad later by itself (test/local/ecs/services)
 * - a tag that cannot be resolved three times, `failures` in the answer of RunTask, tasks that move to an emptier zone,
 *   retirement, spot interruption and failing hosts: they cannot be brought about from outside, and the emulation has
 *   none of them. test/aws/task.test.ts shows what Skiff makes of `failures`
 * - stopped reasons but those of pulling and of dependencies: test/translate/stopped-reason.test.ts has them all, from
 *   the documentation
 */
export function ecsConformance(
  name: string,
  make: () => EcsUnderTest | Promise<EcsUnderTest>,
  only: readonly Part[] = allParts,
): void {
  let shown = 0;
  const it: Case = (behaviour, run) => {
    test(behaviour, async () => {
      const under = await make();
      if (under.lateSeconds > 0) waitAfterWrites(under);
      const ecs = new Ecs(under);
      await run(ecs);
      expect(ecs.under.faults()).toEqual([]);
      shown += 1;
    });
  };
  describe(name, () => {
    for (const part of only) parts[part](it);
    afterAll(() => void process.stdout.write(`${name}: ${shown} behaviours shown\n`));
  });
}
