import { parseArgs, type ParseArgsConfig } from 'node:util';
import { errorMessage } from '../kubernetes/error-message.ts';
import { UsageError } from './usage-error.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T; args: string[] }>>['values'];

/** The values of a command's options. Throws UsageError for anything else on the command line. */
export function parseOptions<const T extends Options>(args: readonly string[], options: T): Values<T> {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values as Values<T>;
  } catch (error) {
    // Node explains at length how to write a positional argument that begins with a dash: the first sentence is enough.
    const [message = ''] = errorMessage(error).split(/\. |\n/);
    throw new UsageError(message.charAt(0).toLowerCase() + message.slice(1));
  }
}

export const noArguments = (args: readonly string[]): void => void parseOptions(args, {});

/** One of several words. */
export function oneOf<const Word extends string>(option: string, value: string, words: readonly Word[]): Word {
  const word = words.find((each) => each === value);
  if (word === undefined) throw new UsageError(`${option} is ${words.join(' or ')}, not ${JSON.stringify(value)}`);
  return word;
}
