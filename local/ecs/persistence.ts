import { StatusError } from '../../kubernetes/status-error.ts';
import type { Persistence } from '../persistence.ts';
import { type Entry, type Kept, keptEntry, stateEntries } from './snapshot.ts';
import type { EcsState } from './state.ts';

/** Keeps what has changed: soon after what happens by itself, and before an answer to whoever has asked for it. */
export class Saver {
  private readonly persistence: Persistence<Kept>;
  private readonly state: EcsState;
  private readonly later: (save: () => void) => void;
  private planned = false;
  /** By the record. */
  private readonly unsaved = new Map<object, Entry>();

  constructor(persistence: Persistence<Kept>, options: { state: EcsState; later: (save: () => void) => void }) {
    this.persistence = persistence;
    this.state = options.state;
    this.later = options.later;
  }

  changed(entry: Entry): void {
    this.unsaved.set(entry[1], entry);
    this.plan();
  }

  private plan(): void {
    if (this.planned) return;
    this.planned = true;
    this.later(() => {
      this.planned = false;
      this.saveOrPlan();
    });
  }

  /** A full disk, of which people are told once, may have room later. */
  private saveOrPlan(): void {
    try {
      this.save();
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.plan();
    }
  }

  /**
   * Keeps what has changed until now. AWS forgets nothing that it has answered: a process that was killed would find
   * revisions of task definitions given away twice.
   */
  save(): void {
    if (this.unsaved.size === 0) return;
    this.persistence.append([...this.unsaved.values()].map(keptEntry));
    this.unsaved.clear();
    this.persistence.tidy(() => stateEntries(this.state));
  }
}
