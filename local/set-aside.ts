import { closeSync } from 'node:fs';
import { type Place, placeText } from './checked-lines.ts';
import { writeAll } from './file-writing.ts';
import { openNewFile } from './own-file.ts';

/** Each is told of; of more than so many, only that there are more. */
const toldOf = 20;

/** What of a file cannot be read, copied into another beside it. */
export class Aside {
  private readonly path: string;
  private readonly notice: (text: string) => void;
  private copy: ReturnType<typeof openNewFile> | undefined;
  private count = 0;

  constructor(path: string, notice: (text: string) => void) {
    this.path = path;
    this.notice = notice;
  }

  /** `chunks` are the bytes at that place. */
  add(place: Place, chunks: Iterable<Buffer>): void {
    this.copy ??= openNewFile(this.path, 'damaged');
    for (const chunk of chunks) writeAll(this.copy.file, chunk, {});
    this.count += 1;
    if (this.count > toldOf + 1) return;
    const where = this.count > toldOf ? 'also in further places' : placeText(place);
    this.notice(`${this.path} is damaged ${where}: that is set aside in ${this.copy.path}`);
  }

  get any(): boolean {
    return this.copy !== undefined;
  }

  close(): void {
    if (this.copy !== undefined) closeSync(this.copy.file);
    this.copy = undefined;
  }
}
