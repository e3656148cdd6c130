import { IncomingMessage } from 'node:http';
import { errorMessage } from '../../../kubernetes/error-message.ts';
import { Engine, type EngineAddress } from './engine.ts';

/** An engine that answers. */
export interface FoundEngine {
  readonly engine: Engine;
  readonly name: 'docker' | 'podman';
  readonly version: string;
}

const answerMilliseconds = 3000;

/** The first engine that answers. Throws why, when none does. */
export async function findEngine(addresses: readonly EngineAddress[]): Promise<FoundEngine> {
  const failures: string[] = [];
  for (const address of addresses) {
    try {
      return await contact(address);
    } catch (error) {
      // A socket without an engine behind it, or one that this user may not use: the next may do.
      failures.push(`${address.url}: ${errorMessage(error)}`);
    }
  }
  throw new Error(`no container engine answers (${failures.join('; ')})`);
}

/** A ping answers in no time; for its version Podman starts half a dozen programs. Both name themselves in its header. */
async function contact(address: EngineAddress): Promise<FoundEngine> {
  const engine = new Engine(address);
  const answer = await engine.stream('GET', '/_ping', { signal: AbortSignal.timeout(answerMilliseconds) });
  answer.resume();
  const { server } = answer instanceof IncomingMessage ? answer.headers : {};
  const named = /^(Docker|Libpod)\/(\S+)/.exec(String(server));
  if (named === null) throw new Error('what answers is no container engine');
  const name = named[1] === 'Libpod' ? 'podman' : 'docker';
  return { engine, name, version: named[2] ?? '' };
}
