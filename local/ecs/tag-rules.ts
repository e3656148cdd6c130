import type { Tag } from '@aws-sdk/client-ecs';
import { invalidParameter } from './errors.ts';

const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Checks tags as ECS does and answers them as it keeps them: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html */
export function checkedTags(tags: readonly Tag[] | undefined): Tag[] {
  const kept = (tags ?? []).map(({ key = '', value = '' }) => ({ key, value }));
  if (kept.length > 50) throw invalidParameter('Too many tags. Maximum number of tags is 50.');
  if (new Set(kept.map(({ key }) => key)).size < kept.length) throw invalidParameter('Duplicate tag keys found.');
  for (const { key, value } of kept) {
    if (key.length < 1 || key.length > 128) throw invalidParameter('Tag key must be between 1 and 128 characters.');
    if (value.length > 256) throw invalidParameter('Tag value must be at most 256 characters.');
    if (!allowed.test(key) || !allowed.test(value)) throw invalidParameter('Tag contains invalid characters.');
    if (/^aws:/i.test(key)) throw invalidParameter("Tag keys and values can't start with 'aws:'.");
  }
  return kept;
}
