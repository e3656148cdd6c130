import type { Command, ContainerProcess } from '../../../functions/api/containers.ts';
import { RepeatedCheck, repeated } from './repeated-check.ts';
import type { Run } from './tasks.ts';

/** A command in a container of which only the exit code counts. */
export interface Check {
  /** The exit code; undefined when it was given up. Rejects with the engine's reason when it cannot be started. */
  run(): Promise<number | undefined>;
  /** Ends what is under way. */
  giveUp(): void;
}

type Start = (command: Command) => Promise<ContainerProcess>;

/** The check by a command: the one that the container has already, if that can be repeated. */
export function checkOf(run: Run, command: readonly string[], start: Start): Check {
  const repeatable = repeated(command);
  if (repeatable === undefined) return singleCheck(command, start);
  if (run.check?.is(repeatable) !== true) {
    run.check?.close();
    run.check = new RepeatedCheck(repeatable, start);
  }
  return run.check;
}

function singleCheck(command: readonly string[], start: Start): Check {
  let process: ContainerProcess | undefined;
  let givenUp = false;
  return {
    run: async () => {
      process = await start({ command, stdin: false, tty: false });
      // It may have been given up while it was started.
      if (givenUp) process.close();
      try {
        for await (const _ of process.output);
        return givenUp ? undefined : await process.exitCode();
      } catch {
        return undefined;
      }
    },
    giveUp: () => {
      givenUp = true;
      process?.close();
    },
  };
}
