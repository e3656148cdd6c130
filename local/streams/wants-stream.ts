import type { IncomingMessage } from 'node:http';

const stream = /^\/api\/v1\/namespaces\/[^/?]+\/pods\/[^/?]+\/(?:exec|attach|portforward)\/?(?:\?|$)/;
const methods: ReadonlySet<string | undefined> = new Set(['GET', 'POST']);
const protocols: ReadonlySet<string | undefined> = new Set(['websocket', 'spdy/3.1']);

/** Whether a request that asks for another protocol is for exec, attach or portforward, in a protocol that is spoken here. */
export const wantsStream = ({ method, url = '', headers }: IncomingMessage): boolean =>
  methods.has(method) && protocols.has(headers.upgrade?.toLowerCase()) && stream.test(url);

/**
 * The beginning of a request as it was sent, but for its wish for another protocol, which a server may pass over (RFC 9110,
 * 7.8). What is not known to be understood as it was meant must not be done: the body goes with its headers.
 */
export function withoutUpgrade({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    const kept = name.toLowerCase() === 'connection' ? withoutWord(value, 'upgrade') : value;
    if (name.toLowerCase() !== 'upgrade' && kept !== undefined) lines.push(`${name}: ${kept}`);
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

function withoutWord(list: string, word: string): string | undefined {
  const words = list.split(',').filter((each) => each.trim().toLowerCase() !== word);
  return words.length === 0 ? undefined : words.join(',');
}
