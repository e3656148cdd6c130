/** The image by its digest, when it is known: `nginx:1.27` becomes `nginx@sha256:…`. */
export function imageToPull(image: string, digest: string | undefined): string {
  return digest === undefined ? image : `${repositoryOf(image)}@${digest}`;
}

/** An image reference without tag and digest. A colon before the last slash belongs to the registry's port. */
export function repositoryOf(image: string): string {
  const untagged = /^(.*?)(:[^/:@]+)?(@.+)?$/.exec(image);
  return untagged?.[1] ?? image;
}
