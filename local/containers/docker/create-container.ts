import { z } from 'zod';
import type { Engine } from './engine.ts';
import { inspect } from './inspect.ts';

const createdAnswer = z.object({ Id: z.string() });

/** Makes a container of a name that is used once; answers its id. Does not start it. */
export async function createContainer(engine: Engine, name: string, body: object): Promise<string> {
  try {
    return createdAnswer.parse(await engine.call('POST', '/containers/create', { query: { name }, body })).Id;
  } catch (error) {
    // An engine that was restarted before it could answer has made it all the same, and refuses the name when asked again.
    const made = await inspect(engine, name).catch(() => undefined);
    if (made === undefined) throw error;
    return made.Id;
  }
}
