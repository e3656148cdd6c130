import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../local/system-clock.ts';
import { type Bundles, buildBundles } from '../support/lambda-host/bundles.ts';
import { LambdaFunction, type FunctionOptions } from '../support/lambda-host/function.ts';
import { functionUrl } from '../support/lambda-host/function-url.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const url = 'https://api.example/';
const text = (size: number): string => 'x'.repeat(size);
const megabyte = 1024 * 1024;

describe('the host that stands for Lambda', () => {
  let bundles: Bundles;
  beforeAll(async () => {
    bundles = await buildBundles();
  });
  afterAll(() => bundles.remove());

  async function functionOf(source: string, options: Partial<FunctionOptions> = {}) {
    const bundle = join(await temporaryDirectory(), 'function.mjs');
    await writeFile(bundle, source);
    const log: string[] = [];
    const lambda = new LambdaFunction({
      runtime: bundles.runtime,
      bundle,
      environment: {},
      timeoutSeconds: 10,
      maximumProcesses: 4,
      clock: systemClock,
      log: (line) => void log.push(line),
      ...options,
    });
    onTestFinished(() => lambda.stop());
    return { lambda, log };
  }

  /** A function that answers as a stream what `body` writes. */
  const streaming = (body: string): string => `
    export const handler = awslambda.streamifyResponse(async (event, raw) => {
      const stream = awslambda.HttpResponseStream.from(raw, { statusCode: 201, headers: { 'x-made-by': 'test' } });
      ${body}
      stream.end();
    });`;

  test('gives a process one event at a time, and each event a process', async () => {
    const { lambda } = await functionOf(`
      let busy = 0;
      export async function handler() {
        busy += 1;
        await new Promise((resolve) => setTimeout(resolve, 100));
        busy -= 1;
        return { busy, pid: process.pid };
      }`);
    const results = await Promise.all([lambda.invoke({}), lambda.invoke({}), lambda.invoke({})]);
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(3);
    expect(results).toEqual(Array.from({ length: 3 }, () => ({ busy: 0, pid: expect.any(Number) })));
    expect(lambda.processes).toBe(3);
  });

  test('refuses what is more than its processes can take', async () => {
    const { lambda } = await functionOf('export const handler = async () => {};', { maximumProcesses: 1 });
    const answers = await Promise.allSettled([lambda.invoke({}), lambda.invoke({})]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await expect(lambda.invoke({})).resolves.toBeUndefined();
  });

  test('lets a process stand still between events', async () => {
    const { lambda } = await functionOf(`
      let ticks = 0;
      setInterval(() => { ticks += 1; }, 1);
      export const handler = async () => { const before = ticks; return before; };`);
    await lambda.invoke({});
    const before = Number(await lambda.invoke({}));
    await new Promise<void>((resolve) => systemClock.after(200, resolve));
    // The timer may catch up once as the process wakes.
    expect(Number(await lambda.invoke({})) - before).toBeLessThan(20);
  });

  test('kills a process at the time limit, and takes another', async () => {
    const { lambda } = await functionOf(
      'export const handler = async ({ hang }) => (hang ? new Promise(() => setInterval(() => {}, 9)) : process.pid);',
      { timeoutSeconds: 1 },
    );
    const first = await lambda.invoke({});
    await expect(lambda.invoke({ hang: true })).rejects.toThrow('Task timed out after 1.00 seconds');
    expect(await lambda.invoke({})).not.toBe(first);
  });

  test('fails the event whose process is killed', async () => {
    const { lambda } = await functionOf(
      'export const handler = async ({ hang }) => (hang ? new Promise(() => setInterval(() => {}, 9)) : 1);',
    );
    await lambda.invoke({});
    const hanging = lambda.invoke({ hang: true });
    expect(lambda.kill()).toBe(true);
    await expect(hanging).rejects.toThrow('the process was killed');
    await expect(lambda.invoke({})).resolves.toBe(1);
  });

  test('tells what a function throws, and goes on with its process', async () => {
    const { lambda } = await functionOf(`
      export const handler = async ({ fail }) => { if (fail) throw new TypeError('broken'); return process.pid; };`);
    const pid = await lambda.invoke({});
    await expect(lambda.invoke({ fail: true })).rejects.toThrow('TypeError: broken');
    expect(await lambda.invoke({})).toBe(pid);
  });

  test('refuses events and answers of more than 6 MB', async () => {
    const { lambda } = await functionOf(`export const handler = async ({ size }) => 'x'.repeat(size);`);
    await expect(lambda.invoke({ size: 6 * megabyte })).rejects.toThrow('the answer is larger than 6 MB');
    await expect(lambda.invoke({ size: 1, text: text(6 * megabyte) })).rejects.toThrow('the event is larger than 6 MB');
  });

  test('answers with status, headers and body of a stream', async () => {
    const { lambda } = await functionOf(
      streaming(`stream.write('a'); stream.write(event.body + event.rawQueryString);`),
    );
    const request = new Request(`${url}x?q=%20`, {
      method: 'POST',
      body: 'b',
      headers: { 'Content-Type': 'text/plain' },
    });
    const response = await functionUrl(lambda)(request);
    expect(response.status).toBe(201);
    expect(response.headers.get('x-made-by')).toBe('test');
    expect(await response.text()).toBe('abq=%20');
  });

  test('hands over bodies that are no text as base64', async () => {
    const { lambda } = await functionOf(
      streaming(`stream.write(JSON.stringify([event.body, event.isBase64Encoded]));`),
    );
    const headers = { 'Content-Type': 'application/vnd.kubernetes.protobuf' };
    const response = await functionUrl(lambda)(
      new Request(url, { method: 'POST', body: new Uint8Array([255]), headers }),
    );
    expect(await response.json()).toEqual(['/w==', true]);
  });

  test('sends headers only with the first byte of the body, or at its end', async () => {
    const wait = `await new Promise((resolve) => setTimeout(resolve, 300));`;
    const { lambda } = await functionOf(streaming(`stream.write(''); ${wait} stream.write(event.rawPath.slice(1));`));
    await lambda.provision(1);
    for (const path of ['', 'late']) {
      const started = performance.now();
      const response = await functionUrl(lambda)(new Request(`${url}${path}`));
      expect(performance.now() - started).toBeGreaterThan(250);
      expect([response.status, await response.text()]).toEqual([201, path]);
    }
  });

  test('lets a function go on whose client has gone', async () => {
    const wait = `await new Promise((resolve) => setTimeout(resolve, 200));`;
    const { lambda } = await functionOf(streaming(`stream.write('a'); ${wait} stream.write('b');`), {
      maximumProcesses: 1,
    });
    const fetch = functionUrl(lambda);
    const response = await fetch(new Request(url));
    await response.body?.cancel();
    expect((await fetch(new Request(url))).status).toBe(429);
    await expect.poll(async () => (await fetch(new Request(url))).status).toBe(201);
  });

  test('answers 413 to a body that is too large, and 502 for a function that fails', async () => {
    const { lambda } = await functionOf(streaming(`throw new Error('broken');`));
    const fetch = functionUrl(lambda);
    expect((await fetch(new Request(url, { method: 'POST', body: text(6 * megabyte) }))).status).toBe(413);
    expect((await fetch(new Request(url))).status).toBe(502);
  });

  test('says what a function writes when it cannot be loaded', async () => {
    const { lambda, log } = await functionOf(`throw new Error('no such table');`);
    await expect(lambda.invoke({})).rejects.toThrow('the process ended with 1');
    expect(log.join('')).toContain('no such table');
  });
});
