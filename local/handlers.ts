import type { OperationInput, OperationName, OperationOutput, ServiceName } from '../aws/operations.ts';
import { NotEmulatedError } from './not-emulated-error.ts';

type Awaitable<T> = T | Promise<T>;

/** Who answers which operation of a service. One of aws/operations.ts that is missing does not compile. */
export type Handlers<World, Service extends ServiceName> = {
  readonly [Op in OperationName<Service>]: (
    world: World,
    input: OperationInput<Service, Op>,
  ) => Awaitable<Omit<OperationOutput<Service, Op>, '$metadata'>>;
};

export interface OperationCall<World> {
  readonly service: ServiceName;
  readonly operation: string;
  readonly world: World;
  readonly input: object;
}

/** Answers an operation by the handler that a table has for it. Throws NotEmulatedError when it has none. */
export function answerBy<World>(
  table: object,
  { service, operation, world, input }: OperationCall<World>,
): Awaitable<object> {
  if (!Object.hasOwn(table, operation)) throw new NotEmulatedError(`the operation ${operation} of ${service}`);
  const handler = table[operation as keyof typeof table] as (world: World, input: object) => Awaitable<object>;
  return handler(world, input);
}
