import type { Tag } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../../kubernetes/clock.ts';
import type { Persistence } from '../persistence.ts';
import { secretNotFound } from './errors.ts';

/** One secret. Moments are milliseconds since the epoch. */
export interface SecretRecord {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly tags: readonly Tag[];
  readonly value: string;
  /** The token of the request that made it. */
  readonly versionId: string;
  readonly createdAt: number;
  /** When it was deleted, and when it goes: until then it can be restored. */
  readonly deletedAt?: number;
  readonly goesAt?: number;
}

/** The secrets of an account, by name. Each change is saved before it is answered. */
export class Secrets {
  private readonly clock: Pick<Clock, 'now'>;
  private readonly persistence: Persistence<SecretRecord> | undefined;
  private readonly byName = new Map<string, SecretRecord>();

  constructor(options: {
    readonly clock: Pick<Clock, 'now'>;
    readonly persistence: Persistence<SecretRecord> | undefined;
  }) {
    this.clock = options.clock;
    this.persistence = options.persistence;
    for (const secret of options.persistence?.load() ?? []) this.byName.set(secret.name, secret);
    options.persistence?.tidy(() => this.byName.values());
  }

  get(name: string): SecretRecord | undefined {
    this.expire();
    return this.byName.get(name);
  }

  /** By name, by ARN, or by an ARN without the characters at its end that nobody can foresee. Throws as AWS when there is none. */
  find(id: string): SecretRecord {
    this.expire();
    const direct = this.byName.get(id);
    if (direct !== undefined) return direct;
    const found = [...this.byName.values()].find(({ arn }) => arn === id || arn.slice(0, -7) === id);
    if (found === undefined) throw secretNotFound();
    return found;
  }

  set(secret: SecretRecord): void {
    this.persistence?.append([secret]);
    this.byName.set(secret.name, secret);
    this.persistence?.tidy(() => this.byName.values());
  }

  /** What goes by time alone goes again when it is read back. */
  private expire(): void {
    const now = this.clock.now();
    for (const { name, goesAt } of this.byName.values()) {
      if (goesAt !== undefined && goesAt <= now) this.byName.delete(name);
    }
  }
}
