import { test } from 'vitest';
import { isIpAddress } from '../../kubernetes/ip-address.ts';

test.for([
  '10.9.8.7',
  '0.0.0.0',
  '255.255.255.255',
  '::',
  '::1',
  '2001:db8::ffff',
  '1:2:3:4:5:6:7:8',
  '::ffff:10.0.0.1',
  '1::',
  'FE80::a',
])('%s is an IP address', (text, { expect }) => {
  expect(isIpAddress(text)).toBe(true);
});

test.for([
  '',
  '10.0.0',
  '10.0.0.256',
  '10.0.0.1.2',
  'localhost',
  ':',
  ':::',
  '1:2:3',
  '1::2::3',
  '1:2:3:4:5:6:7:8:9',
  'g::1',
  '::10.0.0',
  '12345::',
  'fe80::1%eth0',
  '10.0.0.1/8',
])('%s is no IP address', (text, { expect }) => {
  expect(isIpAddress(text)).toBe(false);
});
