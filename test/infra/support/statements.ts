import { z } from 'zod';
import type { Resource } from './synthesised.ts';

const oneOrMany = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

const statement = z.object({
  Effect: z.literal('Allow'),
  Action: oneOrMany,
  Resource: oneOrMany,
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});
export type Statement = z.infer<typeof statement>;

const role = z.object({
  Policies: z.array(z.object({ PolicyDocument: z.object({ Statement: z.array(statement) }) })),
  ManagedPolicyArns: z.undefined().optional(),
});

/** All that a role allows: there is no other policy of it in the stack. */
export const statementsOf = (resource: Resource): Statement[] =>
  role.parse(resource.properties).Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
