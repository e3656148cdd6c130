import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Command, ContainerProcess, OutputChunk } from '../../../../functions/api/containers.ts';
import { checkOf } from '../../../../local/containers/docker/checks.ts';
import { RepeatedCheck, repeated } from '../../../../local/containers/docker/repeated-check.ts';
import { withBusybox } from '../../../support/busybox.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** The command as a process of this machine. */
function started({ command: [program = '', ...args] }: Command): Promise<ContainerProcess> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => undefined);
  children.push(child);
  const output = async function* (): AsyncGenerator<OutputChunk> {
    for await (const data of child.stdout) yield { stream: 'stdout', data };
  };
  return Promise.resolve({
    output: output(),
    write: (data) => new Promise((resolve) => child.stdin.write(data, () => resolve())),
    endInput: () => child.stdin.end(),
    resize: () => Promise.resolve(),
    exitCode: () => Promise.resolve(undefined),
    close: () => {
      child.stdin.destroy();
      child.stdout.destroy();
    },
  });
}

test.each([
  [['/bin/sh', '-c', 'true']],
  [['/.skiff/busybox', 'true']],
  [['/.skiff/busybox', 'sh', '-c', 'true', 'name']],
  [['true']],
])('%j is no command that can be repeated', (command) => {
  expect(repeated(command)).toBeUndefined();
});

withBusybox('a repeated check', (busybox) => {
  const check = (script: string): RepeatedCheck =>
    new RepeatedCheck(repeated([busybox, 'sh', '-c', script]) ?? [], started);

  test('is run by one process, each time anew, whatever it prints and reads', async () => {
    const folder = await temporaryDirectory();
    const flag = join(folder, 'flag');
    const asked = check(`echo 7; echo 8 >&2; cat; [ -z "$seen" ] || exit 9; seen=1; [ -f '${flag}' ] || exit 3`);
    expect(await asked.run()).toBe(3);
    writeFileSync(flag, '');
    expect(await asked.run()).toBe(0);
    rmSync(flag);
    expect(await asked.run()).toBe(3);
    expect(children).toHaveLength(1);
  });

  test('goes on in another process when its own is gone', async () => {
    const asked = check('exit 3');
    expect(await asked.run()).toBe(3);
    children[0]?.kill('SIGKILL');
    expect(await asked.run()).toBe(3);
    expect(children).toHaveLength(2);
  });

  test('is over when it is given up, and can be run again', async () => {
    const folder = await temporaryDirectory();
    const flag = join(folder, 'flag');
    const asked = check(`[ -f '${flag}' ] || { : >'${flag}'; exec sleep 1000; }`);
    const slow = asked.run();
    await expect.poll(() => existsSync(flag)).toBe(true);
    asked.giveUp();
    expect(await slow).toBeUndefined();
    expect(await asked.run()).toBe(0);
  });

  test('that is given up while it is started is not run', async () => {
    const asked = check('exit 3');
    const running = asked.run();
    asked.giveUp();
    expect(await running).toBeUndefined();
  });

  test('is not what any other command is, which can be given up as well', async () => {
    const run = { id: '', attempt: 0, tty: false, stopSignal: 'SIGTERM', awaited: false, ended: false };
    const asked = checkOf({ ...run, cancelKill: () => undefined }, ['sleep', '1000'], started);
    const running = asked.run();
    asked.giveUp();
    expect(await running).toBeUndefined();
  });

  test('ends its process when it is closed', async () => {
    const asked = check('exit 3');
    await asked.run();
    asked.close();
    await expect.poll(() => children[0]?.exitCode).not.toBeNull();
  });
});
