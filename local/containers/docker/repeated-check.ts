import type { Command, ContainerProcess, OutputChunk } from '../../../functions/api/containers.ts';

/** ECS checks every 300 s at least: a shell that has heard nothing for longer belongs to nobody. */
const forgottenSeconds = 330;
const loop = `while read -r -t ${forgottenSeconds} _; do "$0" sh -c "$1" </dev/null >/dev/null 2>&1; echo $?; done`;

/** Digits of an exit code: what says more is no check of ours. */
const longestCode = 10;

/** The command that runs another one each time it reads a line, and prints the exit code. Only a busybox's script has one. */
export function repeated(command: readonly string[]): readonly string[] | undefined {
  const [busybox = '', shell, option, script, ...rest] = command;
  const isScript = busybox.endsWith('/busybox') && shell === 'sh' && option === '-c' && rest.length === 0;
  return isScript && script !== undefined ? [busybox, 'sh', '-c', loop, busybox, script] : undefined;
}

interface Opened {
  readonly process: ContainerProcess;
  readonly output: AsyncIterator<OutputChunk>;
}

/**
 * A check that is run again and again by one process in its container: each command of its own costs Podman some processes,
 * two of which it keeps for five minutes.
 */
export class RepeatedCheck {
  private readonly command: readonly string[];
  private readonly start: (command: Command) => Promise<ContainerProcess>;
  private opened: Opened | undefined;
  private givenUp = false;

  /** Of what `repeated` answers. */
  constructor(command: readonly string[], start: (command: Command) => Promise<ContainerProcess>) {
    this.command = command;
    this.start = start;
  }

  is(command: readonly string[]): boolean {
    return command.join('\0') === this.command.join('\0');
  }

  /** Its exit code; undefined when it was given up or cannot be run. To be called when the run before has ended. */
  async run(): Promise<number | undefined> {
    this.givenUp = false;
    const code = this.opened === undefined ? undefined : await this.ask(this.opened);
    // An engine that was restarted since has let go of the process.
    if (code !== undefined || this.givenUp) return code;
    const process = await this.start({ command: this.command, stdin: true, tty: false });
    const opened = { process, output: process.output[Symbol.asyncIterator]() };
    this.opened = opened;
    // It may have been given up while it was started.
    if (!this.givenUp) return this.ask(opened);
    this.close();
    return undefined;
  }

  /** Ends the run that is under way, and the process. */
  giveUp(): void {
    this.givenUp = true;
    this.close();
  }

  close(): void {
    this.opened?.process.close();
    this.opened = undefined;
  }

  private async ask({ process, output }: Opened): Promise<number | undefined> {
    try {
      await process.write(Buffer.from('\n'));
      let said = '';
      for (;;) {
        const { done, value } = await output.next();
        if (done === true) break;
        if (value.stream === 'stdout') said += String(Buffer.from(value.data));
        if (said.endsWith('\n')) return Number(said);
        if (said.length > longestCode) break;
      }
    } catch {
      // The engine is gone, or it was given up.
    }
    this.close();
    return undefined;
  }
}
