import { test } from 'vitest';
import { qualityOfService } from '../../../kubernetes/pod-spec/quality-of-service.ts';
import { containerOf, podOf } from './pods.ts';

test.for([
  ['BestEffort', {}, {}],
  ['BestEffort', { limits: { cpu: '0' } }, {}],
  ['BestEffort', { limits: { 'ephemeral-storage': '1Gi' } }, {}],
  ['Guaranteed', { limits: { cpu: '1', memory: '1Gi' } }, { limits: { cpu: '500m', memory: '1G' } }],
  [
    'Guaranteed',
    { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1000m' } },
    { limits: { cpu: '1', memory: '1' } },
  ],
  ['Burstable', { limits: { cpu: '1', memory: '1Gi' } }, {}],
  ['Burstable', { limits: { cpu: '1' } }, { limits: { cpu: '1' } }],
  [
    'Burstable',
    { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1m' } },
    { limits: { cpu: '1', memory: '1' } },
  ],
  ['Burstable', { requests: { memory: '1Mi' } }, {}],
] as const)('is %s for containers with %j and %j', ([quality, first, second], { expect }) => {
  const copy = (resources: object) => ({ ...structuredClone(resources) });
  const { spec } = podOf({
    containers: [containerOf({ resources: copy(first) }), containerOf({ name: 'd', resources: copy(second) })],
  });
  expect(qualityOfService(spec)).toBe(quality);
});
