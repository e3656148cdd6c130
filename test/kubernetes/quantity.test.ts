import { describe, test } from 'vitest';
import {
  canonicalQuantity,
  compareQuantities,
  milliValue,
  parseQuantity,
  roundedToMilli,
  wholeValue,
} from '../../kubernetes/quantity.ts';
import { quantity } from '../../kubernetes/schema.ts';

const wrongFormat = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

describe('the canonical form', () => {
  test.for([
    ['0', '0'],
    ['0Mi', '0'],
    ['-0', '0'],
    ['1', '1'],
    ['1000m', '1'],
    ['1500m', '1500m'],
    ['100m', '100m'],
    ['0.5', '500m'],
    ['.5', '500m'],
    ['5.', '5.'],
    ['0.1', '100m'],
    ['1.5', '1500m'],
    ['0.0005', '500u'],
    ['1000', '1k'],
    ['1500', '1500'],
    ['1000000', '1M'],
    ['1000k', '1M'],
    ['1234567', '1234567'],
    ['2G', '2G'],
    ['1000T', '1P'],
    ['-1000m', '-1'],
    ['+2000m', '2'],
    ['1024', '1024'],
    ['1Ki', '1Ki'],
    ['1024Ki', '1Mi'],
    ['1024Mi', '1Gi'],
    ['100Mi', '100Mi'],
    ['1536Mi', '1536Mi'],
    ['1.5Gi', '1536Mi'],
    ['0.5Gi', '512Mi'],
    ['0.5Ki', '512'],
    ['1.1Ki', '1126400m'],
    ['1000Ki', '1000Ki'],
    ['2048Ei', '9223372036854775807'],
    ['1e3', '1e3'],
    ['1E3', '1E3'],
    ['1e4', '10e3'],
    ['1000e0', '1e3'],
    ['12e6', '12e6'],
    ['1e-3', '1e-3'],
    ['1E', '1E'],
    ['1000E', '1e21'],
    ['1n', '1n'],
    ['0.1n', '1n'],
    ['-0.1n', '-1n'],
    ['0.0000000001', '1n'],
    ['18446744073709551616', '18446744073709551616'],
    ['1.500', '1.500'],
    ['0.500', '500m'],
    [' 1Gi ', '1Gi'],
    ['m', '0'],
  ] as const)('of %s is %s', ([given, canonical], { expect }) => {
    expect(canonicalQuantity(given)).toBe(canonical);
    expect(canonicalQuantity(canonical)).toBe(canonical);
  });

  test.for([
    ['1500u', '2m'],
    ['0.0001', '1m'],
    ['-1500u', '-2m'],
    ['100m', '100m'],
    ['1Gi', '1Gi'],
    ['1.500', '1.500'],
    ['nonsense', 'nonsense'],
  ] as const)('of %s in whole thousandths is %s', ([given, canonical], { expect }) => {
    expect(roundedToMilli(given)).toBe(canonical);
  });
});

describe('parseQuantity', () => {
  test.for(['', ' ', 'abc', '1.2.3', '512MB', '1 Gi', '1Gi5x', '0x10', 'NaN', '1,5', '1m!', '9'.repeat(501)])(
    'refuses %s',
    (text, { expect }) => {
      expect(parseQuantity(text)).toEqual({ ok: false, message: wrongFormat });
    },
  );

  test.for(['1mm', '1ki', '1e', '1i', '1K', '1e1000', '1e-999999999999', '1G5', '--1'])(
    'refuses the suffix of %s',
    (text, { expect }) => {
      expect(parseQuantity(text)).toEqual({ ok: false, message: "unable to parse quantity's suffix" });
    },
  );

  test('takes no longer for the largest exponent than for any other', ({ expect }) => {
    expect(compareQuantities('1e999', '1e-999')).toBeGreaterThan(0);
    expect(canonicalQuantity('1e999')).toBe('1e999');
  });
});

test.for([
  ['1', '1000m', 0],
  ['1Gi', '1G', 1],
  ['999m', '1', -1],
  ['-1', '0', -1],
  ['1e3', '1k', 0],
  ['0.1', '100m', 0],
  ['9223372036854775807', '9223372036854775808', -1],
] as const)('%s compares to %s as %i', ([a, b, order], { expect }) => {
  expect(Math.sign(compareQuantities(a, b))).toBe(order);
});

test.for([
  ['1', 1000, 1],
  ['250m', 250, 1],
  ['1.5', 1500, 2],
  ['100u', 1, 1],
  ['1Ki', 1_024_000, 1024],
  ['1.5Gi', 1_610_612_736_000, 1_610_612_736],
  ['-1500m', -1500, -2],
  ['nonsense', 0, 0],
] as const)('%s is %i thousandths and %i whole units', ([text, milli, whole], { expect }) => {
  expect(milliValue(text)).toBe(milli);
  expect(wholeValue(text)).toBe(whole);
});

describe('the schema of quantities', () => {
  test.for([
    [0.5, '500m'],
    [2, '2'],
    ['1024Mi', '1Gi'],
  ] as const)('reads %s as %s', ([given, canonical], { expect }) => {
    expect(quantity().parse(given)).toBe(canonical);
  });

  test('refuses what is none with the text of a kube-apiserver', ({ expect }) => {
    expect(
      quantity()
        .safeParse('1GB')
        .error?.issues.map((issue) => issue.message),
    ).toEqual([wrongFormat]);
  });
});
