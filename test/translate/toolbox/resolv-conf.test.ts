import { execFileSync } from 'node:child_process';
import { linkSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PodSpec } from '../../../kubernetes/kinds/core/pod.ts';
import { resolvConfScript } from '../../../translate/toolbox/resolv-conf.ts';
import { withBusybox } from '../../support/busybox.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const vpc = '# the VPC\nnameserver 10.0.0.2\nsearch eu-west-1.compute.internal\noptions timeout:2 attempts:5\n';
const cluster = 'shop.svc.cluster.local svc.cluster.local cluster.local';

withBusybox('the resolv.conf of a task', (busybox) => {
  async function rewritten(spec: Partial<PodSpec>, before = vpc): Promise<string> {
    const file = join(await temporaryDirectory(), 'resolv.conf');
    writeFileSync(file, before);
    // As a bind mount it can only be written in place.
    linkSync(file, `${file}.mounted`);
    const inode = statSync(file).ino;
    const script = resolvConfScript({ containers: [], ...spec }, 'shop', file);
    if (script !== undefined) execFileSync(busybox, ['sh', '-c', script]);
    expect(statSync(file).ino).toBe(inode);
    return readFileSync(`${file}.mounted`, 'utf8');
  }

  test.each<[string, Partial<PodSpec>, string]>([
    ['no policy', {}, `nameserver 10.0.0.2\nsearch ${cluster} eu-west-1.compute.internal\noptions ndots:5\n`],
    [
      'ClusterFirst, and more',
      {
        dnsPolicy: 'ClusterFirst',
        dnsConfig: {
          nameservers: ['10.0.0.9', '10.0.0.2'],
          searches: ['cluster.local', "it's.$HOME.*"],
          options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }],
        },
      },
      `nameserver 10.0.0.2\nnameserver 10.0.0.9\nsearch ${cluster} eu-west-1.compute.internal it's.$HOME.*\noptions ndots:5 ndots:2 edns0\n`,
    ],
    ['Default', { dnsPolicy: 'Default' }, vpc],
    [
      'Default, and more',
      { dnsPolicy: 'Default', dnsConfig: { searches: ['example.org'] } },
      'nameserver 10.0.0.2\nsearch eu-west-1.compute.internal example.org\noptions timeout:2 attempts:5\n',
    ],
    ['None', { dnsPolicy: 'None', dnsConfig: { nameservers: ['1.1.1.1'] } }, 'nameserver 1.1.1.1\n'],
  ])('with %s is what a kubelet would write', async (_policy, spec, after) => {
    expect(await rewritten(spec)).toBe(after);
  });

  test('is the same after a second time', async () => {
    const once = await rewritten({});
    expect(await rewritten({}, once)).toBe(once);
  });

  test('may lack the end of its last line', async () => {
    expect(await rewritten({}, 'nameserver 10.0.0.2')).toBe(
      `nameserver 10.0.0.2\nsearch ${cluster}\noptions ndots:5\n`,
    );
  });

  test('that cannot be written keeps no task from starting', () => {
    const script = resolvConfScript({ containers: [] }, 'shop', '/proc/1/resolv.conf') ?? '';
    expect(() => execFileSync(busybox, ['sh', '-c', `${script}\nexit 0`], { stdio: 'ignore' })).not.toThrow();
  });
});
