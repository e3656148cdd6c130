import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** kubectl itself, which knows how to reach the cluster and who is asking. */
export class Kubectl {
  private readonly options: readonly string[];

  constructor(options: readonly string[]) {
    this.options = options;
  }

  /** Runs a command to its end; throws what it says when it fails. */
  run(args: readonly string[], input?: unknown): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = spawn('kubectl', [...args, ...this.options]);
      const written = { stdout: '', stderr: '' };
      for (const stream of ['stdout', 'stderr'] as const) {
        child[stream].setEncoding('utf8').on('data', (text: string) => {
          written[stream] += text;
        });
      }
      child.on('error', reject);
      child.on('close', (code) =>
        code === 0 ? resolve(written.stdout) : reject(new Error(written.stderr.trim().replace(/^error: /, ''))),
      );
      child.stdin.on('error', () => {});
      child.stdin.end(input === undefined ? '' : JSON.stringify(input));
    });
  }

  /** Runs a command that goes on, and hands over each line that it prints until told `enough`, or it ends. */
  async lines(
    args: readonly string[],
    { each, silentSeconds }: { each: (line: string) => 'enough' | 'more'; silentSeconds: number },
  ): Promise<'enough' | 'ended' | 'silent'> {
    const child = spawn('kubectl', [...args, ...this.options], { stdio: ['ignore', 'pipe', 'inherit'] });
    let outcome: 'enough' | 'ended' | 'silent' = 'ended';
    const end = (why: typeof outcome): void => {
      outcome = why;
      child.kill();
    };
    // Nobody else ends what is watched for a program that has gone.
    const kill = (): void => void child.kill();
    process.once('exit', kill);
    const silence = setTimeout(() => end('silent'), silentSeconds * 1000);
    child.on('error', () => {});
    try {
      for await (const line of createInterface({ input: child.stdout })) {
        silence.refresh();
        if (each(line) === 'more') continue;
        end('enough');
        break;
      }
      return outcome;
    } finally {
      clearTimeout(silence);
      process.removeListener('exit', kill);
      kill();
    }
  }
}
