/** An image reference without tag and digest. A colon before the last slash belongs to the registry's port. */
export function repositoryOf(image: string): string {
  const at = image.indexOf('@');
  const tagged = at === -1 ? image : image.slice(0, at);
  const colon = tagged.lastIndexOf(':');
  return colon > tagged.lastIndexOf('/') ? tagged.slice(0, colon) : tagged;
}
