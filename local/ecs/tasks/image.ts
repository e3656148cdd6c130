import { repositoryOf } from '../../../kubernetes/image-reference.ts';

/** The image by its digest, when it is known: `nginx:1.27` becomes `nginx@sha256:…`. */
export function imageToPull(image: string, digest: string | undefined): string {
  return digest === undefined ? image : `${repositoryOf(image)}@${digest}`;
}
