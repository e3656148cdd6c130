import { expect, test } from 'vitest';
import { EngineDouble } from './engine-double.ts';

const patience = { answerMilliseconds: { GET: 50, POST: 50, DELETE: 50 } };

test('asks again when the engine is gone before the end of its answer', async () => {
  const double = await EngineDouble.start();
  double.fail(/^GET \/networks$/, 'cut', 'lost', 'refused');
  expect(await double.engine().call('GET', '/networks')).toEqual([]);
  expect(double.requests).toHaveLength(4);
});

test('waits for an engine that is being restarted', async () => {
  const double = await EngineDouble.start();
  await double.stop();
  const asking = double.engine().call('GET', '/networks');
  await double.listen();
  expect(await asking).toEqual([]);
  await double.stop();
});

test('gives up on an engine that stays away', async () => {
  const double = await EngineDouble.start();
  await double.stop();
  await expect(double.engine({ absenceMilliseconds: 0 }).call('GET', '/networks')).rejects.toThrow(
    /ENOENT|ECONNREFUSED/,
  );
});

test('gives up on an engine that does not answer', async () => {
  const double = await EngineDouble.start();
  double.fail(/./, 'silence', 'silence', 'silence');
  const engine = double.engine(patience);
  await expect(engine.call('GET', '/networks')).rejects.toThrow('no answer to GET /networks within 0.05 s');
  await expect(engine.call('POST', '/containers/a/kill')).rejects.toThrow('no answer to POST /containers/a/kill');
  await expect(engine.hijack('/exec/a/start', { body: {} })).rejects.toThrow('no answer to POST /exec/a/start');
  await expect.poll(() => double.connections).toBe(0);
});

test('gives up on an answer that does not end', async () => {
  const double = await EngineDouble.start();
  const following = double.engine().call('GET', '/events', { limitMilliseconds: 50 });
  await expect(following).rejects.toThrow('no answer to GET /events within 0.05 s');
  await expect.poll(() => double.connections).toBe(0);
});

test('ends a call when its signal aborts, whatever has become of the connection', async () => {
  const double = await EngineDouble.start();
  const engine = double.engine();
  const ending = new AbortController();
  const following = engine.call('GET', '/events', { signal: ending.signal });
  await expect.poll(() => double.followed).toBe(true);
  ending.abort(new Error('enough'));
  await expect(following).rejects.toThrow('enough');
  await expect.poll(() => double.connections).toBe(0);
  await expect(engine.call('GET', '/networks', { signal: ending.signal })).rejects.toThrow('enough');
});

test('says what the engine refuses, in its own words', async () => {
  const double = await EngineDouble.start();
  await expect(double.engine().call('GET', '/containers/none/json')).rejects.toMatchObject({
    name: 'EngineError',
    statusCode: 404,
    message: 'no such container',
  });
  double.fail(/^GET/, { status: 500, message: 'not now' });
  await expect(double.engine().call('GET', '/networks')).rejects.toMatchObject({ statusCode: 500, message: 'not now' });
});

test('leaves no connection open when the engine refuses one of raw bytes', async () => {
  const double = await EngineDouble.start();
  double.fail(/^POST \/exec/, { status: 409, message: 'container is not running' });
  const opening = double.engine().hijack('/exec/a/start', { body: { Tty: false } });
  await expect(opening).rejects.toThrow('container is not running');
  await expect.poll(() => double.connections).toBe(0);
});
