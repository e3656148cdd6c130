import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { join } from 'node:path';

export interface SkiffOptions {
  /** The built program. */
  readonly program: string;
  /** HOME and data directory are in it. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

const longestEndMilliseconds = 60_000;

/** One installation of Skiff, whose process is killed and started again. */
export class SkiffProcess {
  readonly data: string;
  /** What it wrote to stderr, and when it ended unasked. */
  readonly complaints: string[] = [];
  private readonly options: SkiffOptions;
  private readonly kubeconfig: string;
  private child: ChildProcess | undefined;

  constructor(options: SkiffOptions) {
    this.options = options;
    this.data = join(options.folder, 'data');
    this.kubeconfig = join(options.folder, 'kubeconfig');
  }

  /** Starts it and waits until it is ready. */
  async start(): Promise<void> {
    const { program } = this.options;
    const args = ['up', '--port', '0', '--data', this.data, '--kubeconfig', this.kubeconfig, '--runtime', 'docker'];
    const child = spawn(process.execPath, [program, ...args], { env: this.environment(), stdio: 'pipe' });
    this.child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.complaints.push(text.trimEnd()));
    child.once('exit', (code, signal) => {
      if (this.child === child) this.complaints.push(`it ended unasked with ${code ?? signal}`);
    });
    await new Promise<void>((resolve, reject) => {
      let printed = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        if (/^ready /m.test(printed)) resolve();
      });
      child.once('close', () => reject(new Error(`skiff up ended: ${this.complaints.slice(-5).join('\n')}`)));
    });
  }

  /** Ends it. Answers its exit code, which a killed one has not: one that does not end in time is killed. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    child.kill(signal);
    const patience = setTimeout(() => {
      this.complaints.push(`it has not ended within ${longestEndMilliseconds / 1000} s of ${signal}`);
      child.kill('SIGKILL');
    }, longestEndMilliseconds);
    return ended.finally(() => clearTimeout(patience));
  }

  /** Runs kubectl; answers what it prints, rejects with what it complains of. */
  kubectl(args: readonly string[], input = ''): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = execFile(
        'kubectl',
        ['--kubeconfig', this.kubeconfig, '--request-timeout=20s', ...args],
        { env: this.environment(), timeout: 30_000 },
        (error, stdout, stderr) => {
          if (error === null) resolve(stdout);
          else reject(new Error(`kubectl ${args.join(' ')}: ${stderr.trim() || error.message}`));
        },
      );
      child.stdin?.end(input);
    });
  }

  private environment(): NodeJS.ProcessEnv {
    return { ...process.env, HOME: this.options.folder, ...this.options.environment };
  }
}
