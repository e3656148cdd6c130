// npm run soak [-- store | containers | churn [SECONDS [SEED]]]: bundles the soaks, since Node 20 does not read TypeScript, and
// runs the one that is named, or one after the other.
import { build } from 'esbuild';
import { mkdtemp, rm } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const soaks = ['store', 'containers', 'churn'];
const [name, ...rest] = process.argv.slice(2);
if (name !== undefined && !soaks.includes(name)) {
  process.stderr.write(`no soak ${name}: there are ${soaks.join(', ')}\n`);
  process.exit(2);
}

const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

async function run(soak, outfile) {
  await build({
    entryPoints: [fileURLToPath(new URL(`${soak}.ts`, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  const child = spawn(process.execPath, [outfile, ...rest], { cwd: root, env, stdio: 'inherit' });
  // The soak ends what it has started; the folder goes after it.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}

// Beside node_modules, which it needs.
const folder = await mkdtemp(`${root}/node_modules/.soak-`);
try {
  for (const soak of name === undefined ? soaks : [name]) {
    const code = await run(soak, `${folder}/${soak}.mjs`);
    if (code !== 0) process.exitCode = code;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
