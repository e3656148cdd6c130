import type { PodSpec } from '../../kubernetes/kinds/core/pod.ts';
import { shellWord } from './shell-words.ts';

const clusterDomain = 'cluster.local';

/**
 * A shell script that makes the task's resolv.conf what a kubelet would (dns.go, GetPodDNS), undefined when it is to stay
 * as it is. The containers of a task share that file, most often as a bind mount: it is written in place.
 */
export function resolvConfScript(spec: PodSpec, namespace: string, file = '/etc/resolv.conf'): string | undefined {
  const { dnsPolicy = 'ClusterFirst', dnsConfig } = spec;
  if (dnsPolicy === 'Default' && dnsConfig === undefined) return undefined;
  const { nameservers = [], searches = [], options = [] } = dnsConfig ?? {};
  const named = options.map(({ name = '', value }) => (value === undefined ? name : `${name}:${value}`));
  return [
    'set -f',
    `file=${shellWord(file)} servers= searches= options=`,
    readFile,
    ...byPolicy(dnsPolicy, namespace),
    ...added('servers', nameservers),
    ...added('searches', searches),
    ...added('options', named),
    writeFile,
  ].join('\n');
}

const readFile = `while read -r key rest || [ -n "$key" ]; do
  case $key in
    nameserver) servers="$servers $rest" ;;
    search|domain) searches=" $rest" ;;
    options) options="$options $rest" ;;
  esac
done <"$file"`;

/** Resolvers take the last of options that contradict one another, so that a pod's own win. */
const writeFile = `once() {
  seen=
  for word; do case " $seen " in *" $word "*) ;; *) seen="$seen $word" ;; esac; done
}
once $servers
text=
for server in $seen; do text="\${text}nameserver $server
"; done
once $searches
[ -z "$seen" ] || text="\${text}search$seen
"
[ -z "$options" ] || text="\${text}options$options
"
printf %s "$text" >"$file" || echo "$file cannot be written: names are looked up as given" >&2`;

function byPolicy(policy: string, namespace: string): readonly string[] {
  if (policy === 'None') return ['servers= searches= options='];
  if (policy === 'Default') return [];
  const own = [`${namespace}.svc`, 'svc', ''].map((part) => (part === '' ? clusterDomain : `${part}.${clusterDomain}`));
  return [`searches=${shellWord(` ${own.join(' ')}`)}"$searches"`, "options=' ndots:5'"];
}

const added = (list: string, words: readonly string[]): readonly string[] =>
  words.length === 0 ? [] : [`${list}="$${list}"${shellWord(` ${words.join(' ')}`)}`];
