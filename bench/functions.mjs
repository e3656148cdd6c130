// What Lambda has to load, and how long a new process of the API takes to its first answer, beside a bare Hono.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleFunctions, functionNames } from '../build-functions.mjs';
import { interleaved, ratio, timed } from './medians.mjs';
import { importSources, root } from './sources.mjs';

const token = 'bench';

const kibibytes = (bytes) => Math.round(bytes / 102.4) / 10;

function sizeOf(file) {
  const text = readFileSync(file);
  return { KiB: kibibytes(text.length), gzipKiB: kibibytes(gzipSync(text, { level: 9 }).length) };
}

/** From the start of a process to its first answer, and to its end. */
async function firstAnswer({ LambdaFunction, functionUrl }, options, path) {
  const lambda = new LambdaFunction(options);
  try {
    const request = new Request(`https://bench.lambda-url.us-east-1.on.aws${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return await timed(async () => {
      const response = await functionUrl(lambda)(request);
      const text = await response.text();
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 300)}`);
    });
  } finally {
    lambda.stop();
  }
}

/** From the start of a process until it could take an event. */
async function load({ LambdaFunction }, options) {
  const lambda = new LambdaFunction(options);
  try {
    return await timed(() => lambda.provision(1));
  } finally {
    lambda.stop();
  }
}

/** The whole measurement, as plain data. */
export async function benchFunctions(_program, { runs = 15 } = {}) {
  process.chdir(root);
  const host = 'test/support/lambda-host';
  const sources = await importSources(
    ...['aws', 'bundles', 'environment', 'function', 'function-url'].map((name) => `${host}/${name}.ts`),
    'local/system-clock.ts',
  );
  const bundles = await sources.buildBundles();
  const aws = await sources.startSharedAws({
    clock: sources.systemClock,
    random: Math.random,
    deliver: async () => {},
    arrived: () => {},
    report: console.error,
  });
  try {
    await bundleFunctions({ bare: 'bench/bare-function.mjs' }, dirname(bundles.of('bare')));
    const optionsOf = (name) => ({
      runtime: bundles.runtime,
      bundle: bundles.of(name),
      environment: sources.environmentOf(aws, { token, watchSeconds: 60 }),
      timeoutSeconds: 60,
      maximumProcesses: 1,
      clock: sources.systemClock,
      log: (text) => process.stderr.write(text),
    });
    const all = ['bare', ...functionNames()];
    const loaded = await interleaved(
      runs,
      Object.fromEntries(all.map((name) => [name, () => load(sources, optionsOf(name))])),
    );
    const answered = await interleaved(runs, {
      bare: () => firstAnswer(sources, optionsOf('bare'), '/version'),
      version: () => firstAnswer(sources, optionsOf('api'), '/version'),
      // Reads the table.
      namespaces: () => firstAnswer(sources, optionsOf('api'), '/api/v1/namespaces'),
    });
    return {
      bundles: Object.fromEntries(all.map((name) => [name, { ...sizeOf(bundles.of(name)), load: loaded[name] }])),
      coldStart: answered,
      ratio: ratio(answered.version, answered.bare),
      ratioWithTable: ratio(answered.namespaces, answered.bare),
    };
  } finally {
    await aws.stop();
    await bundles.remove();
  }
}
