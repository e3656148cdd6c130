import { ECSClient } from '@aws-sdk/client-ecs';
import type { OperationInput, OperationName, OperationOutput } from '../../../aws/operations.ts';

type Answers = {
  readonly [Operation in OperationName<'ecs'>]?: (
    input: OperationInput<'ecs', Operation>,
  ) => Omit<OperationOutput<'ecs', Operation>, '$metadata'>;
};

export interface RecordedEcs {
  readonly ecs: ECSClient;
  /** The operations called, in order. */
  readonly calls: { readonly operation: string; readonly input: Readonly<Record<string, unknown>> }[];
  /** Those that change something. */
  writes(): string[];
}

const isRead = (operation: string): boolean => /^(Describe|List)/.test(operation);

/** An ECS client whose calls are answered by functions and written down; an operation without an answer fails the test. */
export function recordedEcs(answers: Answers): RecordedEcs {
  const ecs = new ECSClient({ region: 'eu-west-1' });
  const calls: RecordedEcs['calls'] = [];
  ecs.middlewareStack.add(
    (_next, context) => async (call) => {
      const operation = `${context['commandName']}`.replace(/Command$/, '');
      const input = structuredClone(call.input);
      calls.push({ operation, input: { ...input } });
      const answer: unknown = Reflect.get(answers, operation);
      if (typeof answer !== 'function') throw new Error(`the test answers no ${operation}`);
      const output: object = answer(input);
      return { output: { ...output, $metadata: {} }, response: undefined };
    },
    { step: 'initialize', name: 'answerFromTest' },
  );
  return { ecs, calls, writes: () => calls.map((call) => call.operation).filter((each) => !isRead(each)) };
}

/** An error as the SDK throws it. */
export const awsError = (name: string, message = name): Error => Object.assign(new Error(message), { name });
