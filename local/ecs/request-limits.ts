import { EcsBuckets, isLimited, rateExceeded } from '../../aws/rate.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import type { Answer } from '../intercept.ts';

/** Refuses calls that come faster than ECS's token buckets fill; one that is refused takes no token. */
export function withRequestLimits(answer: Answer, clock: Pick<Clock, 'now'>): Answer {
  const buckets = new EcsBuckets(clock);
  return (operation, input) => {
    if (isLimited(operation)) {
      const bucket = buckets.of(operation);
      if (bucket.wait() > 0) throw rateExceeded(1);
      bucket.take();
    }
    return answer(operation, input);
  };
}
