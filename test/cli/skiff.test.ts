import { describe, expect, test } from 'vitest';
import { run } from './run-skiff.ts';

const { version } = (await import('../../package.json', { with: { type: 'json' } })).default;

describe('skiff', () => {
  test.for([['help'], ['--help'], ['-h'], [], ['help', 'up']])('%j prints what there is', async (args) => {
    const outcome = await run(...args);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    for (const option of ['--port', '--kubeconfig', '--data', '--runtime', '--token', '--speed', '--apply']) {
      expect(outcome.stdout).toContain(option);
    }
  });

  test.for(['version', '--version'])('%s prints the version', async (word) => {
    expect(await run(word)).toEqual({ code: 0, stdout: `skiff ${version}\n`, stderr: '' });
  });

  test.for([
    { args: ['sail'], message: 'unknown command "sail"' },
    { args: ['constructor'], message: 'unknown command "constructor"' },
    { args: ['version', '--verbose'], message: "unknown option '--verbose'" },
    { args: ['up', '--prot', '1'], message: "unknown option '--prot'" },
    { args: ['up', 'now'], message: "unexpected argument 'now'" },
    { args: ['up', '--port'], message: "option '--port <value>' argument missing" },
    { args: ['up', '--port', 'http'], message: '--port is a number from 0 to 65535, not "http"' },
    { args: ['up', '--port', '65536'], message: '--port is a number from 0 to 65535, not "65536"' },
    { args: ['up', '--port', ''], message: '--port is a number from 0 to 65535, not ""' },
    { args: ['up', '--port', '1e3'], message: '--port is a number from 0 to 65535, not "1e3"' },
    { args: ['up', '--speed', 'warp'], message: '--speed is fast or real, not "warp"' },
    { args: ['up', '--runtime', 'lxc'], message: '--runtime is auto or docker or simulated, not "lxc"' },
    { args: ['up', '--token', 'two words'], message: '--token holds letters, digits and any of -._~+/ only' },
    { args: ['up', '--token', ''], message: '--token holds letters, digits and any of -._~+/ only' },
    { args: ['up', '--kubeconfig', ''], message: '--kubeconfig is empty' },
    { args: ['up', '--data', ''], message: '--data is empty' },
  ])('refuses $args: $message', async ({ args, message }) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.split('\n')).toEqual([`skiff: ${message}`, 'Run `skiff help` for what there is.', '']);
  });
});
