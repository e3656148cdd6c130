import { randomNumbers } from '../../support/random-numbers.ts';

/** Choices that are the same for the same seed. */
export class Chance {
  private readonly next: () => number;

  constructor(seed: number) {
    this.next = randomNumbers(seed);
    // Neighbouring seeds begin with numbers that are near each other.
    for (let count = 0; count < 5; count += 1) this.next();
  }

  /** A whole number from 0 to `end`, without it. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new Error('there is nothing to choose from');
    return choices[this.below(choices.length)] as T;
  }

  /** Small mostly, at times near `largest`: each order of magnitude is about as likely as the next. */
  size(largest: number): number {
    return Math.floor(largest ** this.next());
  }
}
