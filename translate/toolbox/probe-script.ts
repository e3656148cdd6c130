import { busybox, stateDirectory } from './own-parts.ts';
import type { ProbeCommand } from './probe-command.ts';
import { shellCommand, shellWord } from './shell-words.ts';

/** A probe as the script runs it; times in seconds. */
export interface ScriptedProbe {
  readonly command: ProbeCommand;
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

export interface ScriptedProbes {
  readonly startup: ScriptedProbe | undefined;
  readonly readiness: ScriptedProbe | undefined;
  readonly liveness: ScriptedProbe | undefined;
  /** Process 1 is not the container's own, but that of another one of the task. */
  readonly sharesProcesses: boolean;
}

/** Where the script finds things. */
export interface ScriptPlaces {
  readonly busybox: string;
  readonly stateDirectory: string;
  readonly proc: string;
}

const places: ScriptPlaces = { busybox, stateDirectory, proc: '/proc' };

/** A probe may be early by so much and is run all the same: checks do not come to the hundredth. */
export const earlySeconds = 1;

/** One moment before all others. */
const never = -99_999_999;

/**
 * The script that is a container's ECS health check. Each run starts the probes that are due, counts as a kubelet does
 * (pkg/kubelet/prober/worker.go), and keeps the counts in a file. It exits with 1 until the container has been ready for
 * the first time, and then when its liveness probe has failed often enough.
 *
 * It runs as the container's user, by a busybox of which only the path is known: applets are called by that path, and
 * programs of the image by theirs, since a busybox may take its own instead of those on PATH. Its variables begin with
 * `_`, so that they do not change what the image's programs are given. Whatever it starts it waits for: a container's
 * first process may not be one that buries the children of others.
 */
export function probeScript(
  container: string,
  probes: ScriptedProbes,
  { busybox: program, stateDirectory: folder, proc }: ScriptPlaces = places,
): string {
  const { startup, readiness, liveness, sharesProcesses } = probes;
  return [
    `_bb=${shellWord(program)} _state=${shellWord(`${folder}/${container}`)} _proc=${shellWord(proc)}`,
    limited,
    ...usedFunctions(probes),
    readState(sharesProcesses ? '' : ownStart),
    ...(startup === undefined ? ['_started=1'] : [startupStep(startup)]),
    'if [ $_started = 1 ]; then',
    ...(readiness === undefined ? ['_ready=1'] : [beginReadiness(readiness)]),
    ...(liveness === undefined ? [] : [beginLiveness(liveness)]),
    ...(readiness === undefined ? [] : [endReadiness(readiness)]),
    ...(liveness === undefined ? [] : [endLiveness]),
    '[ $_ready = 0 ] || _once=1',
    'fi',
    writeState,
    `[ $_once = 1 ]${liveness === undefined ? '' : ` && [ $_ln -gt -${liveness.failureThreshold} ]`}`,
  ].join('\n');
}

/** Runs a program for so many seconds at most. A pipe to which nobody writes is what a shell can wait at for a time. */
const limited = `umask 022
[ -p "$_state.pipe" ] || "$_bb" mkfifo "$_state.pipe" 2>/dev/null
_pipe=
[ ! -r "$_state.pipe" ] || [ ! -w "$_state.pipe" ] || { exec 3<>"$_state.pipe"; _pipe=1; }
limited() {
_seconds=$1
shift
"$@" 3>&- &
_job=$!
_watch=
[ -z "$_pipe" ] || { { read -r -t "$_seconds" _ <&3; kill -9 $_job; } & _watch=$!; }
wait $_job
_status=$?
[ -z "$_watch" ] || { kill -9 $_watch; wait $_watch; } 2>/dev/null
return $_status
}`;

/** Reads an answer until it says its status: a success is what a kubelet takes for one, redirections among it. */
const readAnswer = `while read -r word code rest; do
case $word$code in
HTTP/?.?1[0-9][0-9]*) ;;
HTTP/?.?[23][0-9][0-9]*) exit 0 ;;
HTTP/*) exit 1 ;;
esac
done
exit 1`;

/** `nc` begins another program once it is connected, whose input and output the connection is. */
const http = `http() {
limited "$1" "$_bb" nc "$2" "$3" -e "$_bb" sh -c ${shellWord(`printf %s "$0"
${readAnswer}`)} "$4"
}`;

/**
 * This TLS looks at no certificate. It is a small one, of version 1.2 and few algorithms, which many servers refuse: by
 * the alerts 40, 70 and 71 (RFC 5246, 7.2.2), and whoever sends those is there and answers.
 */
const https = `https() {
_limit=$1 _host=$2 _port=$3 _request=$4
shift 4
limited $_limit "$_bb" nc "$_host" "$_port" -e "$_bb" sh -c ${shellWord(`exec 5<&0
bb=$1
shift
printf %s "$0" | "$bb" ssl_client -s 5 "$@" 2>&1 | {
${readAnswer.replace(
  'case',
  `case "$word $rest" in
ssl_client:*"(alert code 40)"*|ssl_client:*"(alert code 70)"*|ssl_client:*"(alert code 71)"*) exit 0 ;;
esac
case`,
)}
}`)} "$_request" "$_bb" "$@"
}`;

const tcp = `tcp() {
limited "$1" "$_bb" nc "$2" "$3" -e "$_bb" true
}`;

const run = `run() {
_limit=$1 _name=$2
shift 2
case $_name in
*/*) _found=$_name ;;
*)
_rest=\${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}:
while :; do
[ -n "$_rest" ] || return 127
_found=\${_rest%%:*}/$_name
_rest=\${_rest#*:}
[ ! -f "$_found" ] || [ ! -x "$_found" ] || break
done ;;
esac
limited $_limit "$_found" "$@"
}`;

const functions = { http, https, tcp, run, false: undefined };

function usedFunctions({ startup, readiness, liveness }: ScriptedProbes): readonly string[] {
  const used = new Set([startup, readiness, liveness].map((probe) => functions[probe?.command[0] ?? 'false']));
  return [...used].filter((text) => text !== undefined);
}

/** The kernel tells the moment at which a process began, as the 22nd field; the name of its program may have anything in it. */
const ownStart = `if read -r _line <"$_proc/1/stat"; then
set -- \${_line##*") "}
[ "\${20}" -gt $_now ] || _begun=\${20}
fi`;

/**
 * Moments are hundredths of a second since the machine's start, which no change of the clock touches. A start of the
 * container that cannot be known is the first run.
 */
const readState = (start: string): string => `read -r _now _ <"$_proc/uptime"
_now=$((\${_now%.*} * 100 + 1\${_now#*.} - 100))
_end=
[ ! -f "$_state" ] || read -r _begun _started _ready _once _ra _rn _la _ln _end <"$_state"
if [ "$_end" != end ]; then
_started=0 _ready=0 _once=0 _ra=${never} _rn=0 _la=${never} _ln=0
_begun=$_now
${start}
fi
_age=$((_now - _begun))
due() {
[ $_age -ge $(($2 * 100)) ] && [ $((_now - $1)) -ge $((($3 - ${earlySeconds}) * 100)) ]
}`;

/** Whoever reads it meanwhile reads the old or the new. */
const writeState = `{ echo "$_begun $_started $_ready $_once $_ra $_rn $_la $_ln end" >"$_state.new" && "$_bb" mv -f "$_state.new" "$_state"; } 2>/dev/null`;

const call = ({ command: [how, ...words], timeoutSeconds }: ScriptedProbe): string =>
  how === 'false' ? 'false' : `${how} ${timeoutSeconds} ${shellCommand(words)} >/dev/null 2>&1`;

/** Failures need no count: that a container never starts is ECS's to notice. */
const startupStep = (probe: ScriptedProbe): string =>
  `[ $_started = 1 ] || [ $_age -lt ${probe.initialDelaySeconds * 100} ] || { ${call(probe)} && _started=1; }`;

/** Before the first success each run tries, since an early one can only find the container ready sooner. */
function beginReadiness(probe: ScriptedProbe): string {
  const { initialDelaySeconds, periodSeconds, successThreshold } = probe;
  const from = successThreshold === 1 ? `$((_once ? _ra : ${never}))` : '$_ra';
  return `_rp=
if due ${from} ${initialDelaySeconds} ${periodSeconds}; then
{ ${call(probe)}; } & _rp=$! _ra=$_now
fi`;
}

const endReadiness = ({ successThreshold, failureThreshold }: ScriptedProbe): string => `if [ -n "$_rp" ]; then
if wait $_rp; then _rn=$((_rn > 0 ? _rn + 1 : 1)); else _rn=$((_rn < 0 ? _rn - 1 : -1)); fi
[ $_rn -lt ${successThreshold} ] || _ready=1
[ $_rn -gt -${failureThreshold} ] || _ready=0
fi`;

const beginLiveness = (probe: ScriptedProbe): string => `_lp=
if due $_la ${probe.initialDelaySeconds} ${probe.periodSeconds}; then
{ ${call(probe)}; } & _lp=$! _la=$_now
fi`;

const endLiveness = `if [ -n "$_lp" ]; then
if wait $_lp; then _ln=0; else _ln=$((_ln - 1)); fi
fi`;

/**
 * The script that tells of readiness once a container has been ready: it fails while one of these containers is not. Until
 * then it succeeds, since the container's own check still fails.
 */
export function readinessScript(
  containers: readonly string[],
  { stateDirectory: folder }: Pick<ScriptPlaces, 'stateDirectory'> = places,
): string {
  const files = containers.map((name) => shellWord(`${folder}/${name}`)).join(' ');
  return `for _file in ${files}; do
_once=
[ ! -f "$_file" ] || read -r _begun _started _ready _once _rest <"$_file"
[ "$_once" != 1 ] || [ "$_ready" = 1 ] || exit 1
done`;
}
