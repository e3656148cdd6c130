import { apiVersionOf, type Kind } from '../../kubernetes/kind.ts';
import { kindByPath, kinds } from '../../kubernetes/registry.ts';
import { reviews } from './reviews.ts';

/** Every kind that has a path: those that are stored, then those that are only answered. */
export const servedKinds: readonly Kind[] = [...kinds, ...reviews.map(({ kind }) => kind)];

const reviewByPath = new Map(
  reviews.map((review) => [`${apiVersionOf(review.kind)}/${review.kind.plural}`, review.kind]),
);

/** By the segments of a URL: `('apps/v1', 'deployments')`. */
export const servedKind = (apiVersion: string, plural: string): Kind | undefined =>
  kindByPath(apiVersion, plural) ?? reviewByPath.get(`${apiVersion}/${plural}`);
