import { expect, test, vi } from 'vitest';
import { report } from '../../functions/report.ts';

test('a report names each of the failures that it is put together of', () => {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  report(new AggregateError([new Error('configmaps/a/b', { cause: new Error('is broken') })], '1 failure'));
  const [[line] = []] = written.mock.calls;
  written.mockRestore();
  expect(JSON.parse(String(line))).toMatchObject({
    level: 'ERROR',
    message: '1 failure',
    errors: [{ message: 'configmaps/a/b', cause: { message: 'is broken' } }],
  });
});
