import { readdirSync, rmSync, type writeSync } from 'node:fs';
import { join } from 'node:path';
import { DiskSpace } from './disk-space.ts';
import { readOwnFile, unfinished } from './own-file.ts';
import { writePrivateFile } from './private-file.ts';
import { makeOwnDirectory } from './trusted-path.ts';
import { type Certificate, createAuthority, isUsable } from './certificates.ts';
import { lockDirectory } from './directory-lock.ts';
import type { Kept } from './ecs/snapshot.ts';
import type { Persistence } from './persistence.ts';
import type { SecretRecord } from './secrets-manager/state.ts';
import { FileJournal, type JournalOptions } from './journal.ts';
import { openStateJournal, type StateFormat } from './state-journal.ts';
import { newToken } from './token.ts';

export interface DataDirectoryOptions {
  readonly nowMilliseconds: number;
  readonly durability: JournalOptions['durability'];
  /** Lines of journals that cannot be read are set aside; without it they keep the directory from being opened. */
  readonly skipDamaged?: boolean;
  report(error: unknown): void;
  /** Told what people should know of what was found, and of a disk that is full. */
  notice?(text: string): void;
  /** Writes to the disk; for tests of a full one. */
  readonly write?: typeof writeSync;
}

/** What outlives a process of local mode. */
export interface DataDirectory {
  readonly journal: FileJournal;
  /** The state of the emulated ECS. */
  readonly ecs: Persistence<Kept>;
  /** The secrets of the emulated Secrets Manager. */
  readonly secrets: Persistence<SecretRecord>;
  /** The authority of the kubeconfigs that were given out. */
  authority(): Promise<Certificate>;
  /** The token, made at first use; a given one takes its place. */
  token(given: string | undefined): string;
  /** Why nothing new can be kept at present; undefined: it can be. */
  trouble(): string | undefined;
  close(): void;
}

/** Opens a data directory, or makes it. Throws an error that names it when it cannot be used or is in use. */
export async function openDataDirectory(path: string, options: DataDirectoryOptions): Promise<DataDirectory> {
  makeOwnDirectory(path);
  const unlock = await lockDirectory(path);
  if (unlock === undefined) throw new Error(`${path} is in use by another skiff`);
  const opened: { close(): void }[] = [{ close: unlock }];
  const close = (): void => {
    for (const each of opened.splice(0).toReversed()) each.close();
  };
  const keep = <Journal extends { close(): void }>(journal: Journal): Journal => {
    opened.push(journal);
    return journal;
  };
  try {
    removeUnfinished(path);
    const notice = (text: string): void => options.notice?.(text);
    const { durability, skipDamaged = false, write } = options;
    const space = new DiskSpace(path, { notice, write });
    const report = (error: unknown): void => options.report(error);
    const kept = { durability, skipDamaged, space, report, notice, ...(write === undefined ? {} : { write }) };
    const file = (name: string): string => join(path, `${name}.journal`);
    return {
      journal: keep(new FileJournal(file('objects'), { ...kept, firstRevision: options.nowMilliseconds })),
      // What happens to tasks cannot be helped, and they have to be able to end.
      ecs: keep(openStateJournal<Kept>(file('ecs'), ecsFormat, { ...kept, frees: () => true })),
      secrets: keep(openStateJournal<SecretRecord>(file('secrets'), secretsFormat, { ...kept, frees: areDeleted })),
      authority: () => authority(path, options.nowMilliseconds),
      token: (given) => token(path, given),
      trouble: () => space.trouble(),
      close,
    };
  } catch (error) {
    // One of them is damaged: those before it are closed.
    close();
    throw error;
  }
}

const ecsFormat: StateFormat = { name: 'skiff-ecs', version: '2' };
const secretsFormat: StateFormat = { name: 'skiff-secrets', version: '1' };

const areDeleted = (secrets: readonly SecretRecord[]): boolean =>
  secrets.every(({ deletedAt }) => deletedAt !== undefined);

/** What a process that died was writing. The lock makes sure that nobody writes it now. */
function removeUnfinished(directory: string): void {
  for (const name of readdirSync(directory)) if (unfinished.test(name)) rmSync(join(directory, name));
}

async function authority(directory: string, nowMilliseconds: number): Promise<Certificate> {
  const path = join(directory, 'authority.pem');
  const kept = parseAuthority(readOwnFile(path) ?? '');
  if (kept !== undefined && isUsable(kept, nowMilliseconds)) return kept;
  const made = await createAuthority(nowMilliseconds);
  writePrivateFile(path, made.certificate + made.key);
  return made;
}

/** One file holds both, so that they always belong together. */
function parseAuthority(text: string): Certificate | undefined {
  const [certificate] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/.exec(text) ?? [];
  const [key] = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n/.exec(text) ?? [];
  return certificate === undefined || key === undefined ? undefined : { certificate, key };
}

function token(directory: string, given: string | undefined): string {
  const path = join(directory, 'token');
  const kept = readOwnFile(path)?.trim();
  const wanted = given ?? (kept === undefined || kept === '' ? newToken() : kept);
  if (wanted !== kept) writePrivateFile(path, `${wanted}\n`);
  return wanted;
}
