import { z } from 'zod';
import type { Engine } from './engine.ts';

/** What of an inspected container is read. */
const containerAnswer = z.object({
  Id: z.string(),
  State: z.object({
    Running: z.boolean(),
    Status: z.string().optional(),
    ExitCode: z.number(),
    OOMKilled: z.boolean().optional(),
  }),
  Config: z.object({
    Tty: z.boolean().optional(),
    StopSignal: z.union([z.string(), z.number()]).nullish(),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
  NetworkSettings: z
    .object({ Networks: z.record(z.string(), z.object({ IPAddress: z.string() })).nullish() })
    .nullish(),
});

export type InspectedContainer = z.infer<typeof containerAnswer>;

export const inspect = async (engine: Engine, id: string): Promise<InspectedContainer> =>
  containerAnswer.parse(await engine.call('GET', `/containers/${id}/json`));
