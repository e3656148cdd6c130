/** The tag of an image reference; `latest` when it has neither tag nor digest, '' when it has a digest alone. */
export function imageTag(image: string): string {
  const [name = '', digest] = image.split('@');
  const tag = /:([^/:]+)$/.exec(name)?.[1];
  return tag ?? (digest === undefined ? 'latest' : '');
}

/** Images whose tag moves are looked up again each time a container starts. */
export const defaultPullPolicy = (image: string): 'Always' | 'IfNotPresent' =>
  imageTag(image) === 'latest' ? 'Always' : 'IfNotPresent';
