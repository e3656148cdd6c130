const maximumCharacters = 300;

/** A key for the log: parts of it are texts of users, as long as they like. */
export const shownKey = (key: string): string =>
  key.length > maximumCharacters ? `${key.slice(0, maximumCharacters)}… (${key.length} characters)` : key;
