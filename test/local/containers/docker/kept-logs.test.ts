import { describe, expect, test } from 'vitest';
import { type ContainerName, ContainerNotFound, type LogLine } from '../../../../functions/api/containers.ts';
import { maximumKeptContainerLogBytes, maximumKeptLogBytes } from '../../../../kubernetes/limits.ts';
import { keptLines, KeptLogs, LogEnd } from '../../../../local/containers/docker/kept-logs.ts';

const line = (text: string, time = 0): LogLine => ({ time, stream: 'stdout', text });
const end = (lines: Iterable<LogLine>): readonly LogLine[] => {
  const kept = new LogEnd();
  for (const each of lines) kept.add(each);
  return kept.kept();
};
const many = (count: number, length: number): LogLine[] =>
  Array.from({ length: count }, (_, index) => line(`${index} `.padEnd(length, 'x'), index));

describe('the kept end of a log', () => {
  test('has a limit in lines', () => {
    const kept = end(many(keptLines + 5, 10));
    expect(kept).toHaveLength(keptLines);
    expect(kept.at(-1)?.time).toBe(keptLines + 4);
  });

  test('has a limit in bytes', () => {
    const kept = end(many(keptLines, 16_000));
    const bytes = kept.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    expect(bytes).toBeLessThanOrEqual(maximumKeptContainerLogBytes);
    expect(bytes).toBeGreaterThan(maximumKeptContainerLogBytes / 2);
    expect(kept.at(-1)?.time).toBe(keptLines - 1);
  });

  test('is empty when the last line is longer than all that is kept', () => {
    expect(end([line('x'.repeat(maximumKeptContainerLogBytes))])).toEqual([]);
  });
});

describe('the logs of tasks that have ended', () => {
  const container = (taskId: string): ContainerName => ({ taskId, name: 'web' });
  const keep = (logs: KeptLogs, taskId: string, lines: readonly LogLine[]): void =>
    logs.keep(taskId, new Map([['web', lines]]));

  test('are read from their end, and from a moment on', () => {
    const logs = new KeptLogs();
    keep(logs, 'task', many(10, 5));
    const times = (options: Parameters<KeptLogs['read']>[1]) =>
      [...logs.read(container('task'), options)].map(({ time }) => time);
    expect(times({ tail: 2 })).toEqual([8, 9]);
    expect(times({ since: 7 })).toEqual([7, 8, 9]);
  });

  test('have one limit in bytes, and the oldest go first', () => {
    const logs = new KeptLogs();
    const large = end(many(keptLines, 16_000));
    const count = 50;
    for (let index = 0; index < count; index += 1) keep(logs, `task-${index}`, large);
    const isKept = (index: number): boolean => {
      try {
        return [...logs.read(container(`task-${index}`), {})].length > 0;
      } catch (error) {
        if (error instanceof ContainerNotFound) return false;
        throw error;
      }
    };
    const kept = Array.from({ length: count }, (_, index) => isKept(index));
    const bytes = large.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) * kept.filter(Boolean).length;
    expect(bytes).toBeLessThanOrEqual(maximumKeptLogBytes);
    expect(kept.slice(-30)).toEqual(Array(30).fill(true));
    expect(kept[0]).toBe(false);
  });
});
