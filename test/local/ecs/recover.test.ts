import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ContainerExit, RuntimeContainer, RuntimeTask } from '../../../local/containers/runtime.ts';
import { SimulatedRuntime } from '../../../local/containers/simulated.ts';
import { containers } from '../../conformance/ecs-fixture.ts';
import { KeptEcsEntries } from '../../support/kept-entries.ts';
import { emulateEcs } from '../../support/emulation.ts';
import { ManualClock } from '../../support/manual-clock.ts';

/** Containers that have outlived a process; those that are not here have not. */
class Survivors extends SimulatedRuntime {
  readonly adopted = new Map<string, (exit: ContainerExit) => void>();
  strays = 0;
  private readonly survived: (task: RuntimeTask) => boolean;

  constructor(clock: ManualClock, survived: (task: RuntimeTask) => boolean) {
    super({ clock });
    this.survived = survived;
  }

  override adoptTask(task: RuntimeTask): { address: string } | undefined {
    return this.survived(task) ? { address: '10.0.0.9' } : undefined;
  }

  override adoptContainer(container: RuntimeContainer, exited: (exit: ContainerExit) => void): { runtimeId: string } {
    this.adopted.set(container.name, exited);
    return { runtimeId: 'known' };
  }

  override removeStrays(): Promise<void> {
    this.strays += 1;
    return Promise.resolve();
  }
}

/** A service's process ends; the next one finds those of its containers that `survived` says. */
async function crash(survived: (task: RuntimeTask) => boolean, container = containers.runs) {
  const persistence = new KeptEcsEntries();
  const clock = new ManualClock();
  const first = await emulateEcs({ clock, persistence });
  await first.ecs.started({ desiredCount: 1 }, container);
  const [before] = await first.ecs.tasks();
  await first.emulation.stop();
  const runtime = new Survivors(clock, survived);
  // Another process makes other ids.
  const next = await emulateEcs({ clock, persistence, runtime, newId: randomUUID });
  return { before, runtime, ecs: next.ecs, events: next.events, reported: next.reports };
}

describe('the process after one that ended', () => {
  test('goes on with the tasks whose containers still run', async () => {
    const { before, ecs, runtime, events } = await crash(() => true);
    await ecs.pass(60);
    expect(await ecs.tasks()).toMatchObject([{ taskArn: before?.taskArn, lastStatus: 'RUNNING' }]);
    expect([...runtime.adopted.keys()]).toEqual(['app']);
    expect(runtime.strays).toBe(1);
    expect(events.map((event) => event['detail-type'])).not.toContain('ECS Task State Change');
  });

  test('loses a task that it cannot go on with, reports it, and starts another', async () => {
    const survived = (): boolean => {
      throw new Error('the task makes no sense');
    };
    const { before, ecs, reported } = await crash(survived);
    await ecs.until(async () => (await ecs.tasks()).some(({ lastStatus }) => lastStatus === 'RUNNING'));
    const [after] = await ecs.tasks();
    expect(after?.taskArn).not.toBe(before?.taskArn);
    expect(reported).toEqual([expect.objectContaining({ message: `going on with ${before?.taskArn}` })]);
  });

  test('replaces an adopted task that ends', async () => {
    const { before, ecs, runtime } = await crash(() => true);
    await ecs.pass(5);
    runtime.adopted.get('app')?.({ exitCode: 9 });
    const ended = await ecs.untilStatus(before, 'STOPPED');
    expect(ended).toMatchObject({ stopCode: 'EssentialContainerExited', containers: [{ exitCode: 9 }] });
    await ecs.until(async () => (await ecs.tasks()).some(({ lastStatus }) => lastStatus === 'RUNNING'));
    const [after] = await ecs.tasks();
    expect(after?.taskArn).not.toBe(before?.taskArn);
  });

  test('stops an adopted task when it is told to', async () => {
    const { before, ecs, runtime } = await crash(() => true);
    await ecs.stop(before);
    await ecs.pass(5);
    runtime.adopted.get('app')?.({ exitCode: 0 });
    expect(await ecs.untilStatus(before, 'STOPPED')).toMatchObject({ stopCode: 'UserInitiated' });
  });

  test('keeps what was known of the health', async () => {
    const { before, ecs } = await crash(() => true, containers.healthy);
    expect(await ecs.task(before)).toMatchObject({ healthStatus: 'HEALTHY' });
  });

  test('gives up tasks whose containers have gone, and starts others', async () => {
    const { before, ecs, runtime } = await crash(() => false);
    expect(await ecs.task(before)).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'TerminationNotice' });
    await ecs.until(async () => (await ecs.tasks()).some(({ lastStatus }) => lastStatus === 'RUNNING'));
    expect(await ecs.tasks()).toHaveLength(1);
    expect(runtime.strays).toBe(1);
  });
});
