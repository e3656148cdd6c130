import { StringDecoder } from 'node:string_decoder';
import type { LogLine } from '../../../functions/api/containers.ts';
import { maximumLogLineCharacters } from '../../../kubernetes/limits.ts';
import type { FrameChunk } from './frames.ts';

/** Each line of an engine's log with timestamps begins so. */
const timestamped = /^(\d{4}-\d\d-\d\dT\S+) ?/;

interface Pending {
  readonly decoder: StringDecoder;
  /** The beginning of a line. */
  line: string;
  /** What has come of the frame. */
  frame: string;
}

/**
 * The lines in an engine's log. A frame is a line, or the part of one that the program had written when it was logged:
 * the line goes on behind the next frame's timestamp. A terminal's log has no frames.
 */
export async function* logLines(chunks: AsyncIterable<FrameChunk>): AsyncGenerator<LogLine, void, undefined> {
  const pending = { stdout: newPending(), stderr: newPending() };
  for await (const { stream, data, ends } of chunks) {
    const one = pending[stream];
    const text = one.decoder.write(data);
    one.frame += text;
    if (ends || text.includes('\n')) {
      const lines = begun(one).split('\n');
      one.frame = '';
      one.line = lines.pop() ?? '';
      // What follows a line's end in a frame that goes on is the beginning of another line.
      if (!ends) [one.frame, one.line] = [one.line, ''];
      for (const line of lines) yield logLine(stream, line);
    }
    if (one.line.length + one.frame.length <= maximumLogLineCharacters) continue;
    // A program need not end its lines: the rest of a long one is another, with the same time.
    const long = begun(one);
    one.line = timestamped.exec(long)?.[0] ?? '';
    one.frame = '';
    yield logLine(stream, long);
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    const rest = begun(pending[stream]);
    if (rest !== '') yield logLine(stream, rest);
  }
}

/** What has come of a line, without the timestamps in its middle. */
const begun = ({ line, frame }: Pending): string => (line === '' ? frame : line + frame.replace(timestamped, ''));

const newPending = (): Pending => ({ decoder: new StringDecoder('utf8'), line: '', frame: '' });

function logLine(stream: LogLine['stream'], line: string): LogLine {
  const time = timestamped.exec(line);
  const text = line.slice(time?.[0].length ?? 0);
  const milliseconds = Date.parse(time?.[1] ?? '');
  return { time: Number.isNaN(milliseconds) ? 0 : milliseconds, stream, text: text.replace(/\r$/, '') };
}
