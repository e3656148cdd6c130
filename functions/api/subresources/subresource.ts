import type { Verb } from '../../../kubernetes/kind.ts';
import type { Handler } from '../call.ts';

/** What of an object's subresource is served. */
export type Subresource = Readonly<Partial<Record<Extract<Verb, 'get' | 'create' | 'update' | 'patch'>, Handler>>>;
