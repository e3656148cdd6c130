/** No vowels, so that no words come about, and nothing that looks like something else. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const suffixLength = 5;
const maximumLength = 63;

/** `length` characters as Kubernetes puts them into names. `random` gives numbers in [0, 1). */
export const randomSuffix = (random: () => number, length = suffixLength): string =>
  Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');

/** A name after `metadata.generateName`: what comes before the suffix is cut so that the name is a label. */
export const generatedName = (prefix: string, random: () => number): string =>
  prefix.slice(0, maximumLength - suffixLength) + randomSuffix(random);
