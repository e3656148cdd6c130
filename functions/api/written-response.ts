import type { Kind } from '../../kubernetes/kind.ts';
import type { Written } from '../../kubernetes/write/dependencies.ts';
import type { Call } from './call.ts';
import type { Representation } from './negotiate.ts';
import { objectResponse } from './respond.ts';

interface WrittenAnswer {
  readonly representation: Representation;
  readonly written: Written;
  /** Of decoding; those of the write itself are added. */
  readonly warnings: readonly string[];
  /** When it is another than the call's, such as a Scale. */
  readonly kind?: Kind;
}

/** What a write left: 201 when it made the object, else 200. */
export const writtenResponse = (call: Call, answer: WrittenAnswer): Response =>
  objectResponse({
    kind: answer.kind ?? call.kind,
    object: answer.written.object,
    representation: answer.representation,
    includeObject: call.query.get('includeObject'),
    now: call.dependencies.clock.now(),
    status: answer.written.outcome === 'created' ? 201 : 200,
    warnings: [...answer.warnings, ...answer.written.warnings],
  });
