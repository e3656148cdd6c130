import {
  chmodSync,
  chownSync,
  linkSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDataDirectory } from '../../local/data-directory.ts';
import { writeKubeconfig } from '../../local/kubeconfig.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const stranger = 12_345;
/** Only root may give files away. */
const isRoot = process.geteuid?.() === 0;

const open = async (path: string): Promise<void> => {
  const data = await openDataDirectory(path, { nowMilliseconds: 0, durability: 'kernel', report: () => {} });
  data.token(undefined);
  await data.authority();
  data.close();
};
const connection = { url: 'https://127.0.0.1:8001', authority: 'PEM', token: 'secret' };

async function directory(mode = 0o700): Promise<string> {
  const path = join(await temporaryDirectory(), 'data');
  mkdirSync(path);
  chmodSync(path, mode);
  return path;
}

test('a directory that cannot be made is told of, and not tried for ever', () => {
  expect(() => writeKubeconfig('/proc/none/kubeconfig', connection)).toThrow('/proc/none cannot be made');
});

describe('a data directory', () => {
  test.each(['777', '1777', '775', '707'])('of mode %s, which others may write to, is refused', async (mode) => {
    const path = await directory(Number.parseInt(mode, 8));
    writeFileSync(join(path, 'token'), 'planted');
    await expect(open(path)).rejects.toThrow(`others may write to ${path}: take that away with \`chmod go-w ${path}\``);
    expect(readdirSync(path)).toEqual(['token']);
  });

  test.each(['700', '755'])('of mode %s is taken', async (mode) => {
    const path = await directory(Number.parseInt(mode, 8));
    await open(path);
    expect(readdirSync(path)).toContain('token');
  });

  test('in a directory that everybody may write to is refused, but not in one like /tmp', async () => {
    const parent = await temporaryDirectory();
    chmodSync(parent, 0o777);
    await expect(open(join(parent, 'deep', 'data'))).rejects.toThrow(`everybody may write to ${parent}`);
    chmodSync(parent, 0o1777);
    await open(join(parent, 'deep', 'data'));
  });

  test.runIf(isRoot)('of somebody else is refused', async () => {
    const path = await directory();
    chownSync(path, stranger, stranger);
    await expect(open(path)).rejects.toThrow(`${path} belongs to user ${stranger}: choose another directory`);
  });

  test.runIf(isRoot)(
    'behind a link of somebody else is refused, and one behind a link of the user is taken',
    async () => {
      const path = await directory();
      const link = `${path}-link`;
      symlinkSync(path, link);
      await open(join(link, 'below'));
      lchownSync(link, stranger, stranger);
      await expect(open(join(link, 'new'))).rejects.toThrow(`${link} is a link that belongs to user ${stranger}`);
      expect(readdirSync(path)).toEqual(['below']);
    },
  );

  test.each(['token', 'authority.pem', 'objects.journal', 'ecs.journal', 'secrets.journal'])(
    'takes from others what is its own: %s',
    async (name) => {
      const path = await directory();
      await open(path);
      const before = readFileSync(join(path, name));
      chmodSync(join(path, name), 0o666);
      await open(path);
      expect(statSync(join(path, name)).mode & 0o777).toBe(0o600);
      expect(readFileSync(join(path, name))).toEqual(before);
    },
  );

  test.runIf(isRoot).each(['token', 'authority.pem', 'objects.journal', 'ecs.journal', 'secrets.journal'])(
    'uses no %s of somebody else, be it there or linked to',
    async (name) => {
      const path = await directory();
      await open(path);
      chownSync(join(path, name), stranger, stranger);
      await expect(open(path)).rejects.toThrow(`${name} belongs to user ${stranger}`);

      const linked = await directory();
      symlinkSync(join(path, name), join(linked, name));
      chownSync(join(path, name), 0, 0);
      lchownSync(join(linked, name), stranger, stranger);
      await expect(open(linked)).rejects.toThrow(`${name} is a link that belongs to user ${stranger}`);
    },
  );

  test('writes through no file or link that lies where it once wrote, and leaves none of its own behind', async () => {
    const path = await directory();
    const elsewhere = join(await temporaryDirectory(), 'elsewhere');
    writeFileSync(elsewhere, '');
    for (const name of ['token', 'authority.pem', 'objects.journal']) symlinkSync(elsewhere, join(path, `${name}.new`));
    writeFileSync(join(path, 'token.0123456789ab.new'), 'of a process that was killed');
    linkSync(elsewhere, join(path, 'other'));
    await open(path);
    expect(readFileSync(elsewhere, 'utf8')).toBe('');
    expect(readdirSync(path)).not.toContain('token.0123456789ab.new');
    expect(statSync(join(path, 'token')).isFile()).toBe(true);
  });
});

describe('a kubeconfig', () => {
  const file = async (mode: number): Promise<string> => {
    const path = join(await temporaryDirectory(), 'kubeconfig');
    writeFileSync(path, '');
    chmodSync(path, mode);
    return path;
  };

  test.each(['666', '620'])('of mode %s, which others may write to, is refused', async (mode) => {
    const path = await file(Number.parseInt(mode, 8));
    expect(() => writeKubeconfig(path, connection)).toThrow(`others may write to ${path}`);
    expect(readFileSync(path, 'utf8')).toBe('');
  });

  test('that others may read is theirs no more', async () => {
    const path = await file(0o644);
    writeKubeconfig(path, connection);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o644);
    writeKubeconfig(path, connection);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('in a directory that everybody may write to is refused', async () => {
    const path = await file(0o600);
    chmodSync(join(path, '..'), 0o777);
    expect(() => writeKubeconfig(path, connection)).toThrow(`everybody may write to ${join(path, '..')}`);
  });

  test.runIf(isRoot)('of somebody else, in a directory of somebody else, or behind their link is refused', async () => {
    const path = await file(0o600);
    chownSync(path, stranger, stranger);
    expect(() => writeKubeconfig(path, connection)).toThrow(`${path} belongs to user ${stranger}`);
    const link = `${path}-link`;
    symlinkSync(await file(0o600), link);
    writeKubeconfig(link, connection);
    lchownSync(link, stranger, stranger);
    expect(() => writeKubeconfig(link, connection)).toThrow(`${link} is a link that belongs to user ${stranger}`);
    const other = await file(0o600);
    chownSync(join(other, '..'), stranger, stranger);
    expect(() => writeKubeconfig(other, connection)).toThrow(`${join(other, '..')} belongs to user ${stranger}`);
  });
});
