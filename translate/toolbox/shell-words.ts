/** A word that a POSIX shell takes as it is, whatever is in it. */
export const shellWord = (text: string): string =>
  /^[\w./:=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** Words as one command of a POSIX shell. */
export const shellCommand = (words: readonly string[]): string => words.map(shellWord).join(' ');
