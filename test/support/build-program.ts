import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The bundled `skiff`, built from the sources as they are now. */
    readonly program: string;
  }
}

/** Vitest's global setup: builds the program once, apart from dist/, so that tests never run yesterday's build. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'skiff-build-'));
  await promisify(execFile)(process.execPath, ['build.mjs', folder]);
  project.provide('program', join(folder, 'skiff.js'));
  return () => rm(folder, { recursive: true, force: true });
}
