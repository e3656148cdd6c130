/** Annotations, labels or notes without those of these keys. */
export function withoutKeys(
  given: Readonly<Record<string, string>> | undefined,
  keys: readonly string[],
): Record<string, string> {
  return Object.fromEntries(Object.entries(given ?? {}).filter(([key]) => !keys.includes(key)));
}
