import { fstatSync, readdirSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A disk that holds one directory and so many bytes: what is written beyond finds no room, as ENOSPC is told. */
export class SmallDisk {
  capacity: number;
  private readonly directory: string;

  constructor(directory: string, capacity: number) {
    this.directory = directory;
    this.capacity = capacity;
  }

  readonly write: typeof writeSync = (file: number, bytes: unknown, ...place: unknown[]) => {
    const [offset = 0, length = 0] = place.map(Number);
    const position = typeof place[2] === 'number' ? place[2] : fstatSync(file).size;
    const growth = Math.max(0, position + length - fstatSync(file).size);
    if (this.used() + growth > this.capacity) {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    }
    return writeSync(file, bytes as Buffer, offset, length, position);
  };

  used(): number {
    return readdirSync(this.directory)
      .map((name) => statSync(join(this.directory, name)).size)
      .reduce((sum, size) => sum + size, 0);
  }
}
