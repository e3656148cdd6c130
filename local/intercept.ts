import { ServerException } from '@aws-sdk/client-ecs';
import type { ServiceName } from '../aws/operations.ts';
import { rateExceeded } from '../aws/rate.ts';
import type { CallFault, Faults } from './faults.ts';

/** Answers an operation, or throws what the SDK would throw. */
export type Answer = (operation: string, input: object) => object | Promise<object>;

/** What is asked of an SDK client, of whatever service. */
export interface InterceptedClient {
  readonly config: { maxAttempts(): Promise<number> };
  readonly middlewareStack: {
    add(
      middleware: (
        next: (call: { input: object }) => Promise<{ output: object; response: unknown }>,
        context: { readonly commandName?: string },
      ) => (call: { input: object }) => Promise<{ output: object; response: unknown }>,
      options: { step: 'initialize'; priority: 'low'; name: string },
    ): void;
  };
}

export interface Interception {
  readonly service: ServiceName;
  readonly answer: Answer;
  readonly faults: Faults;
  newId(): string;
  /** Waited for before each answer. */
  readonly turn?: (() => Promise<void>) | undefined;
}

/** Operations whose `clientToken` the SDK fills in, once a call, so that its own retries do not repeat them. Not CreateService. */
const tokenOperations = new Set(['RunTask']);

/**
 * Lets an SDK client be answered in this process: one middleware at the first step, in place of serialisation, signing
 * and network. Paginators, waiters and `instanceof` on errors work as ever; neither credentials nor a region are asked
 * for. Inputs and outputs are copied, so that neither side can reach into the other's memory.
 *
 * The SDK's retries lie below this step, so they are done here: the same number of attempts, without the waits.
 */
export function intercept(client: InterceptedClient, interception: Interception): void {
  client.middlewareStack.add(
    (_next, context) => async (call) => {
      const operation = (context.commandName ?? '').replace(/Command$/, '');
      const input = withToken(operation, structuredClone(call.input), interception);
      await interception.turn?.();
      // Asked for only when needed: the SDK reads files for it.
      const maximum = interception.faults.call === undefined ? 1 : Number(await client.config.maxAttempts());
      const output = await attempt({ ...interception, operation, input, maximum }, 1);
      return { output: { ...output, $metadata: { httpStatusCode: 200, attempts: 1 } }, response: undefined };
    },
    { step: 'initialize', priority: 'low', name: 'answerInProcess' },
  );
}

function withToken(operation: string, input: object, interception: Interception): object {
  return tokenOperations.has(operation) ? { clientToken: interception.newId(), ...input } : input;
}

interface Attempt extends Interception {
  readonly operation: string;
  readonly input: object;
  readonly maximum: number;
}

async function attempt(call: Attempt, count: number): Promise<object> {
  const { service, operation, maximum } = call;
  const fault = call.faults.call?.({ service, operation, attempt: count });
  if (fault === undefined) return structuredClone(await call.answer(operation, call.input));
  // The answer of a call that was lost is of no use, but what it did stands; if it was refused, so it was.
  if (fault === 'lost-answer') await call.answer(operation, structuredClone(call.input));
  if (count < maximum) return attempt(call, count + 1);
  throw faultError(service, fault, count);
}

function faultError(service: ServiceName, fault: CallFault, attempts: number): Error {
  if (fault === 'lost-answer')
    return Object.assign(new Error('socket hang up'), { name: 'TimeoutError', $metadata: { attempts } });
  if (service !== 'ecs') return stateFaultError(fault, attempts);
  switch (fault) {
    case 'throttle':
      return rateExceeded(attempts);
    case 'unavailable':
      return new ServerException({
        message: 'Service Unavailable. Please try again later.',
        $metadata: { httpStatusCode: 500, attempts },
      });
  }
}

/** DynamoDB and SQS have names of their own for it. */
const stateFaultError = (fault: 'throttle' | 'unavailable', attempts: number): Error =>
  fault === 'throttle'
    ? Object.assign(new Error('Rate exceeded'), {
        name: 'ThrottlingException',
        $metadata: { httpStatusCode: 400, attempts },
      })
    : Object.assign(new Error('Internal server error'), {
        name: 'InternalServerError',
        $metadata: { httpStatusCode: 500, attempts },
      });
