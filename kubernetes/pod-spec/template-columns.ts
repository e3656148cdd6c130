import type { Column } from '../table.ts';
import type { PodTemplateSpec } from './pod-template.ts';

interface Templated {
  readonly spec: { readonly template?: PodTemplateSpec | undefined };
}

const list = (object: Templated, field: 'name' | 'image'): string =>
  (object.spec.template?.spec.containers ?? []).map((container) => container[field] ?? '').join(',');

/** The wide columns of kinds that make pods. */
export const containersColumn: Column<Templated> = {
  name: 'Containers',
  wide: true,
  cell: (object) => list(object, 'name'),
};
export const imagesColumn: Column<Templated> = { name: 'Images', wide: true, cell: (object) => list(object, 'image') };
