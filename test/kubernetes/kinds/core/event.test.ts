import { describe, expect, test } from 'vitest';
import { event } from '../../../../kubernetes/kinds/core/event.ts';
import { cells, created, texts } from '../../../support/prepared.ts';

const about = { kind: 'Pod', namespace: 'shop', name: 'web-1', fieldPath: 'spec.containers{web}' };

describe('an Event', () => {
  test('says everything that a server prints, set or not', () => {
    const { object } = created(event, { involvedObject: about });
    expect(object).toMatchObject({
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      eventTime: null,
      reportingComponent: '',
      reportingInstance: '',
    });
  });

  test.each([
    ['shop', { namespace: 'shop' }, []],
    ['default', {}, []],
    ['kube-system', {}, []],
    ['shop', {}, ['involvedObject.namespace: Invalid value: "": does not match event.namespace']],
    [
      'shop',
      { namespace: 'other' },
      ['involvedObject.namespace: Invalid value: "other": does not match event.namespace'],
    ],
  ])('in %s about an object in %j', (namespace, involvedObject, expected) => {
    expect(texts(created(event, { metadata: { name: 'a', namespace }, involvedObject }).errors)).toEqual(expected);
  });

  test('with a time of its own says who reports what', () => {
    const { errors } = created(event, { involvedObject: about, eventTime: '2026-01-02T03:04:05.000000Z' });
    expect(texts(errors).filter((text) => text.endsWith('Required value'))).toEqual([
      'reportingComponent: Required value',
      'reportingInstance: Required value',
      'action: Required value',
      'reason: Required value',
    ]);
  });

  test('may be called by any text that fits a path', () => {
    expect(created(event, { metadata: { name: 'Web_1.18eac' }, involvedObject: about }).errors).toEqual([]);
    expect(created(event, { metadata: { name: 'x'.repeat(512) }, involvedObject: about }).errors).toEqual([]);
    const long = { name: 'x'.repeat(513), generateName: 'y'.repeat(513) };
    expect(created(event, { metadata: long, involvedObject: about }).errors).toMatchObject([
      { field: 'metadata.generateName', message: expect.stringContaining('must be no more than 512 bytes') },
      { field: 'metadata.name', message: expect.stringContaining('must be no more than 512 bytes') },
    ]);
    expect(texts(created(event, { metadata: { name: 'a/b%' }, involvedObject: about }).errors)).toEqual([
      `metadata.name: Invalid value: "a/b%": may not contain '/'`,
      `metadata.name: Invalid value: "a/b%": may not contain '%'`,
    ]);
  });

  test('is shown as kubectl expects', () => {
    const { object } = created(event, {
      involvedObject: about,
      type: 'Warning',
      reason: 'BackOff',
      message: ' no luck\n',
      source: { component: 'kubelet', host: 'node-1' },
      firstTimestamp: '2026-01-02T03:03:35Z',
      lastTimestamp: '2026-01-02T03:04:35Z',
      count: 4,
    });
    expect(cells(event, object)).toEqual([
      '60s',
      'Warning',
      'BackOff',
      'pod/web-1',
      'spec.containers{web}',
      'kubelet, node-1',
      'no luck',
      '2m',
      4,
      'a',
    ]);
  });

  test('of the newer kind is shown by its series, its time and its reporter', () => {
    const body = {
      involvedObject: { kind: 'Node' },
      metadata: { name: 'a', namespace: 'default' },
      eventTime: '2026-01-02T03:05:05.000000Z',
      reportingComponent: 'skiff',
      reportingInstance: 'skiff-1',
    };
    const single = cells(event, created(event, body).object);
    expect([single[0], single[3], single[5], single[7], single[8]]).toEqual([
      '30s',
      'node',
      'skiff, skiff-1',
      '30s',
      1,
    ]);
    const series = { count: 7, lastObservedTime: '2026-01-02T03:05:25.000000Z' };
    const repeated = cells(event, created(event, { ...body, series }).object);
    expect([repeated[0], repeated[7], repeated[8]]).toEqual(['10s', '30s', 7]);
  });

  test('is selected by what it is about', () => {
    const { object } = created(event, { involvedObject: about, reason: 'BackOff', reportingComponent: 'kubelet' });
    expect(Object.fromEntries(event.selectableFields.map((field) => [field.path, field.value(object)]))).toEqual({
      'involvedObject.kind': 'Pod',
      'involvedObject.namespace': 'shop',
      'involvedObject.name': 'web-1',
      'involvedObject.uid': '',
      'involvedObject.apiVersion': '',
      'involvedObject.resourceVersion': '',
      'involvedObject.fieldPath': 'spec.containers{web}',
      reason: 'BackOff',
      reportingComponent: 'kubelet',
      source: 'kubelet',
      type: '',
    });
  });
});
