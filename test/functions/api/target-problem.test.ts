import { expect, test } from 'vitest';
import { targetProblem } from '../../../functions/api/target-problem.ts';

const evil = '/api/v1/namespaces/evil';

test.each([
  `${evil}/%2e%2e/victim/secrets/s`,
  `${evil}/pods/%2E%2e/.%2e/victim/pods/p/log`,
  `${evil}/../victim/secrets`,
  `${evil}/secrets/%2e%2e`,
  `${evil}/secrets/.`,
  `${evil}/..?limit=1`,
  `${evil}/..#x`,
  `${evil}/..\\victim/secrets`,
  `${evil}\\..\\victim/secrets`,
  'http://evil.example/api',
  '*',
  '',
])('the target %j is refused, since a parser of URLs would make another path of it', (target) => {
  expect(targetProblem(target)?.code).toBe(400);
});

test.each([
  '/',
  '/api/v1/namespaces/evil/pods?labelSelector=a%3D..&x=/../',
  '/apis/apps/v1/namespaces/evil/deployments/web.v1..2',
  '/api/v1/namespaces/evil/events/web.17f%2e',
  '//api',
])('the target %j is one', (target) => {
  expect(targetProblem(target)).toBeUndefined();
  const url = new URL(`http://localhost${target}`);
  expect(`${url.pathname}${url.search}`).toBe(target);
});
