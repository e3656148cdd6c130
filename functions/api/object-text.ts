import { apiVersionOf, type Kind } from '../../kubernetes/kind.ts';
import type { StoredObject } from '../../kubernetes/store/store.ts';
import type { Representation } from './negotiate.ts';

/** Answers are put together from the texts that the store keeps: what is here costs no JSON work for most objects. */

/** What every object of a kind begins with, as kubernetes/write/canonical.ts makes it. */
const beginning = (kind: Kind): string =>
  `{"kind":${JSON.stringify(kind.kind)},"apiVersion":${JSON.stringify(apiVersionOf(kind))},`;

/** How objects of a kind look in its list: without kind and apiVersion, as a kube-apiserver's items. */
export function itemText(kind: Kind): (object: StoredObject) => string {
  const start = beginning(kind);
  return ({ text }) => {
    if (text.startsWith(start)) return `{${text.slice(start.length)}`;
    const { kind: _kind, apiVersion: _apiVersion, ...item }: Record<string, unknown> = { ...JSON.parse(text) };
    return JSON.stringify(item);
  };
}

const metadataTexts = new WeakMap<StoredObject, string>();

/** The JSON of an object's metadata; made once a revision. */
export function metadataText(object: StoredObject): string {
  const known = metadataTexts.get(object);
  if (known !== undefined) return known;
  const text = JSON.stringify(object.parse().metadata);
  metadataTexts.set(object, text);
  return text;
}

/** An object as PartialObjectMetadata. */
export const partialMetadataText = (object: StoredObject, version: Representation['version']): string =>
  `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/${version}","metadata":${metadataText(object)}}`;
