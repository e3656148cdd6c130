import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const token = 'token-of-the-test';

interface Options {
  readonly args?: readonly string[];
  readonly node?: readonly string[];
}

/** The built program, serving with simulated containers in a process of its own. */
export class ServedProgram {
  readonly port: number;
  readonly token = token;
  /** What it has complained of. */
  readonly complaints: string[];
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, port: number, complaints: string[]) {
    this.child = child;
    this.port = port;
    this.complaints = complaints;
  }

  /** Starts it; `folder` is its HOME. `node` are options of Node's own. */
  static async start(program: string, folder: string, more: Options = {}): Promise<ServedProgram> {
    const { args = [], node = [] } = more;
    const kubeconfig = join(folder, 'kubeconfig');
    const fixed = ['up', '--port', '0', '--kubeconfig', kubeconfig, '--token', token, '--runtime', 'simulated'];
    const child = spawn(process.execPath, [...node, program, ...fixed, ...args], {
      env: { ...process.env, HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const complaints: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => void complaints.push(text.slice(0, 2000)));
    const port = await new Promise<number>((resolve, reject) => {
      let printed = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        const found = /^ready .*?https:\/\/127\.0\.0\.1:(\d+)/m.exec(printed)?.[1];
        if (found !== undefined) resolve(Number(found));
      });
      child.once('close', () => reject(new Error(`skiff up has ended: ${complaints.join('')}`)));
    });
    return new ServedProgram(child, port, complaints);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Megabytes of memory that it takes. */
  memory(): number {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (!this.isAlive) return;
    const ended = new Promise((resolve) => this.child.once('close', resolve));
    this.child.kill(signal);
    await ended;
  }
}
