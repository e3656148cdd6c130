// The yardstick of a run, as a process of its own: HTTPS that answers `/bytes/N` with N bytes that lie ready, after
// throwing the body of the request away. What Skiff takes longer than that is Skiff's own work.
import 'reflect-metadata';
import https from 'node:https';
import { webcrypto } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { spawn } from 'node:child_process';
import * as x509 from '@peculiar/x509';

async function certificate() {
  x509.cryptoProvider.set(webcrypto);
  const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const signed = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=bare',
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return { cert: signed.toString('pem'), key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n` };
}

async function serve() {
  const texts = new Map();
  const textOf = (path) => {
    if (!texts.has(path)) texts.set(path, Buffer.alloc(Number(path.slice('/bytes/'.length)), 'x'));
    return texts.get(path);
  };
  const server = https.createServer(await certificate(), (request, response) => {
    request.resume();
    request.on('end', () => {
      const text = textOf(request.url);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
      response.end(text);
    });
  });
  server.listen(0, '127.0.0.1', () => process.stdout.write(`ready https://127.0.0.1:${server.address().port}\n`));
}

/** Starts it. Resolves to `{ url, stop }`. */
export const startBareServer = () => startServer([new URL(import.meta.url).pathname]);

/** Starts a program of Node that prints a line which begins with `ready` and names its address. */
export function startServer(args, env = {}) {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const began = performance.now();
  return new Promise((resolve, reject) => {
    let printed = '';
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready`)));
    child.stdout.setEncoding('utf8').on('data', (text) => {
      printed += text;
      const url = /^ready.*?(https:\/\/\S+)/m.exec(printed)?.[1];
      if (url === undefined) return;
      child.removeAllListeners('exit');
      resolve({
        url,
        pid: child.pid,
        startMilliseconds: Math.round(performance.now() - began),
        stop: () =>
          new Promise((ended) => {
            child.once('exit', ended);
            child.kill('SIGTERM');
          }),
      });
    });
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await serve();
