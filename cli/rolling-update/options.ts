import { parseArgs } from 'node:util';
import { errorMessage } from '../../kubernetes/error-message.ts';
import { UsageError } from '../usage-error.ts';

/** What `kubectl rolling-update` was asked for. */
export interface RollingUpdateOptions {
  readonly from: string;
  /** The name of the new controller, where it is given by name. */
  readonly to: string | undefined;
  readonly file: string | undefined;
  readonly image: string | undefined;
  readonly container: string | undefined;
  readonly rollback: boolean;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  /** kubectl's own options: which cluster, which namespace. */
  readonly kubectl: readonly string[];
}

export const usage = `Usage: kubectl rolling-update OLD (-f FILE | [NEW] --image=IMAGE | NEW --rollback) [--update-period=1m0s] [--timeout=5m0s] [-n NAMESPACE]

Replaces the pods of a ReplicationController by those of another one, one after the other.
  -f, --filename       the new ReplicationController: another name, and a selector that differs in a value
      --image          a new image: for NEW, a copy of OLD, or without NEW for OLD itself
      --container      the container that gets the image, where there are several
      --rollback       goes back to OLD, from an update to NEW that is under way or has been interrupted
      --update-period  between two steps
      --timeout        gives up watching when nothing has happened for so long; the update goes on in the cluster`;

const passedOn = ['kubeconfig', 'context', 'cluster', 'user', 'namespace', 'server', 'token'] as const;

/** Reads the command line after `kubectl rolling-update`. Throws UsageError. */
export function parseRollingUpdate(args: readonly string[]): RollingUpdateOptions {
  const { values, positionals } = parse(args);
  const [from, to, ...more] = positionals;
  if (from === undefined || more.length > 0) throw new UsageError(usage);
  const ways = [values.filename, values.image, values.rollback === true ? '' : undefined].filter(
    (way) => way !== undefined,
  );
  if (ways.length !== 1) throw new UsageError('one of --filename, --image and --rollback has to be given');
  if (values.filename !== undefined && to !== undefined)
    throw new UsageError('a new name may not be given together with --filename');
  if (values.rollback === true && to === undefined)
    throw new UsageError('--rollback needs both names: the one to go back to first');
  return {
    from,
    to,
    file: values.filename,
    image: values.image,
    container: values.container,
    rollback: values.rollback === true,
    periodSeconds: seconds('--update-period', values['update-period']),
    timeoutSeconds: seconds('--timeout', values.timeout),
    kubectl: passedOn.flatMap((name) => {
      const value = values[name];
      return value === undefined ? [] : [`--${name}=${value}`];
    }),
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        filename: { type: 'string', short: 'f' },
        image: text,
        container: text,
        rollback: { type: 'boolean' },
        'update-period': { type: 'string', default: '1m0s' },
        timeout: { type: 'string', default: '5m0s' },
        kubeconfig: text,
        context: text,
        cluster: text,
        user: text,
        namespace: { type: 'string', short: 'n' },
        server: { type: 'string', short: 's' },
        token: text,
      },
    });
  } catch (error) {
    throw new UsageError(`${errorMessage(error)}\n\n${usage}`);
  }
}

const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** A duration as Go writes it, in whole seconds, rounded up: `1m30s`, `10s`. */
function seconds(option: string, text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text)
    throw new UsageError(`${option}: ${JSON.stringify(text)} is no duration such as 10s or 1m30s`);
  return Math.ceil(parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0), 0));
}
