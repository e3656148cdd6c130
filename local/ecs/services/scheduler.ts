import { schedulerPass } from './scheduler-pass.ts';
import type { World } from '../world.ts';

interface Appointment {
  readonly due: number;
  readonly cancel: () => void;
}

const afterFailureMilliseconds = 60_000;

/** Looks at each service when something about it has changed or will have by itself. Holds at most one timer a service. */
export class Scheduler {
  private readonly world: () => World;
  private readonly appointments = new Map<string, Appointment>();

  constructor(world: () => World) {
    this.world = world;
  }

  /** Looks at the service within so many milliseconds; many calls lead to one look. */
  schedule(arn: string, milliseconds?: number): void {
    const world = this.world();
    const wait = milliseconds ?? world.timing.scheduler;
    const due = world.clock.now() + wait;
    const planned = this.appointments.get(arn);
    if (planned !== undefined && planned.due <= due) return;
    planned?.cancel();
    const cancel = world.after(wait, () => {
      this.appointments.delete(arn);
      this.look(arn);
    });
    this.appointments.set(arn, { due, cancel });
  }

  private look(arn: string): void {
    const world = this.world();
    const service = world.state.services.get(arn);
    if (service === undefined) return;
    try {
      const wait = schedulerPass(world, service);
      world.changed('services', service);
      if (wait !== undefined) this.schedule(arn, wait);
    } catch (error) {
      // People are told, and nothing else would lead to another look.
      this.schedule(arn, afterFailureMilliseconds);
      throw error;
    }
  }
}
