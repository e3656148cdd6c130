import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { errorMessage } from '../kubernetes/error-message.ts';
import type { ParsedBody } from '../kubernetes/decode/body.ts';
import { parseDocuments } from '../kubernetes/decode/documents.ts';

/** One object of a file. */
export interface Manifest {
  readonly body: ParsedBody;
  /** Where it is from, for people: `app.yaml`. */
  readonly source: string;
}

/**
 * The objects of files, in order; of a directory those of its .yaml, .yml and .json files and of the directories in it,
 * in the order of their names, as `kubectl apply -R -f` takes them; `-` is the standard input. Throws an error that names
 * the file that cannot be read, or the directory without any.
 */
export async function readManifests(paths: readonly string[]): Promise<readonly Manifest[]> {
  const manifests: Manifest[] = [];
  for (const path of paths.flatMap(filesOf)) manifests.push(...(await readManifest(path)));
  return manifests;
}

const standardInput = '-';

function filesOf(path: string): readonly string[] {
  if (path === standardInput || !statSync(path).isDirectory()) return [path];
  const files = filesUnder(path, new Set());
  if (files.length === 0) throw new Error(`${path}: there is no .yaml, .yml or .json file in it`);
  return files;
}

/** A directory is looked at once, however many links lead to it; hidden ones are not manifests'. */
function filesUnder(directory: string, seen: Set<string>): readonly string[] {
  const real = realpathSync(directory);
  if (seen.has(real)) return [];
  seen.add(real);
  return readdirSync(directory)
    .filter((name) => !name.startsWith('.'))
    .toSorted()
    .flatMap((name) => {
      const path = join(directory, name);
      if (statSync(path).isDirectory()) return filesUnder(path, seen);
      return /\.(ya?ml|json)$/.test(name) ? [path] : [];
    });
}

async function readManifest(path: string): Promise<readonly Manifest[]> {
  const source = path === standardInput ? 'standard input' : path;
  try {
    return parseDocuments(await readText(path)).map((body) => ({ body, source }));
  } catch (cause) {
    throw new Error(`${source}: ${errorMessage(cause)}`, { cause });
  }
}

/** UTF-8, with or without a byte order mark. */
async function readText(path: string): Promise<string> {
  // Whoever writes to it may take their time: a pipe is not read at once.
  const bytes = path === standardInput ? await buffer(process.stdin) : readFileSync(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error('this is not UTF-8 text', { cause });
  }
}
