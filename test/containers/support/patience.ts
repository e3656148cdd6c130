import { vi } from 'vitest';

/** Milliseconds that tests on real containers wait: a machine that has other things to do is slow, not wrong. */
export const patience = 60_000;

vi.setConfig({ testTimeout: 4 * patience });
