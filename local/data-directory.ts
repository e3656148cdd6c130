import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere, writePrivateFile } from './private-file.ts';
import { type Certificate, createAuthority, isUsable } from './certificates.ts';
import { lockDirectory } from './directory-lock.ts';
import type { Kept } from './ecs/snapshot.ts';
import type { Persistence } from './persistence.ts';
import type { SecretRecord } from './secrets-manager/state.ts';
import { FileJournal, type JournalOptions } from './journal.ts';
import { openStateJournal } from './state-journal.ts';
import { newToken } from './token.ts';

export interface DataDirectoryOptions {
  readonly nowMilliseconds: number;
  readonly durability: JournalOptions['durability'];
  report(error: unknown): void;
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
  close(): void;
}

/** Of files that are being written. The lock makes sure of one writer. */
const suffix = 'new';

/** Opens a data directory, or makes it. Throws an error that names it when it cannot be used or is in use. */
export async function openDataDirectory(path: string, options: DataDirectoryOptions): Promise<DataDirectory> {
  mkdirSync(path, { recursive: true, mode: 0o700 });
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
    const kept = { durability: options.durability, report: (error: unknown) => options.report(error) };
    const file = (name: string): string => join(path, `${name}.journal`);
    return {
      journal: keep(new FileJournal(file('objects'), { ...kept, firstRevision: options.nowMilliseconds })),
      ecs: keep(openStateJournal<Kept>(file('ecs'), { name: 'skiff-ecs', version: '2' }, kept)),
      secrets: keep(openStateJournal<SecretRecord>(file('secrets'), { name: 'skiff-secrets', version: '1' }, kept)),
      authority: () => authority(path, options.nowMilliseconds),
      token: (given) => token(path, given),
      close,
    };
  } catch (error) {
    // One of them is damaged: those before it are closed.
    close();
    throw error;
  }
}

async function authority(directory: string, nowMilliseconds: number): Promise<Certificate> {
  const path = join(directory, 'authority.pem');
  const kept = parseAuthority(readIfThere(path) ?? '');
  if (kept !== undefined && isUsable(kept, nowMilliseconds)) return kept;
  const made = await createAuthority(nowMilliseconds);
  writePrivateFile(path, made.certificate + made.key, suffix);
  return made;
}

/** One file holds both, so that they always belong together. */
function parseAuthority(text: string): Certificate | undefined {
  const [certificate, key] = ['CERTIFICATE', 'PRIVATE KEY'].map(
    (tag) => new RegExp(`-----BEGIN ${tag}-----[^-]+-----END ${tag}-----\n`).exec(text)?.[0],
  );
  return certificate === undefined || key === undefined ? undefined : { certificate, key };
}

function token(directory: string, given: string | undefined): string {
  const path = join(directory, 'token');
  const kept = readIfThere(path)?.trim();
  const wanted = given ?? (kept === undefined || kept === '' ? newToken() : kept);
  if (wanted !== kept) writePrivateFile(path, `${wanted}\n`, suffix);
  return wanted;
}
