import { at, duplicate, invalid, type FieldError } from '../../field-errors.ts';
import { repetitions, requiredOneOf } from '../../field-rules.ts';
import type { Container } from '../container.ts';

/** Everything wrong with what becomes of a container whose resources change. */
export function validateResizePolicy(
  policies: NonNullable<Container['resizePolicy']>,
  path: string,
  podRestartPolicy: string | undefined,
): readonly FieldError[] {
  const again = repetitions(policies.map((each) => each.resourceName));
  return policies.flatMap(({ resourceName, restartPolicy }, index) => [
    ...(again.has(index) ? [duplicate(at(path, index), resourceName)] : []),
    ...requiredOneOf(path, resourceName, ['cpu', 'memory']),
    ...requiredOneOf(path, restartPolicy, ['NotRequired', 'RestartContainer']),
    ...(podRestartPolicy === 'Never' && restartPolicy !== 'NotRequired'
      ? [invalid(path, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'")]
      : []),
  ]);
}
