import { expect, test } from 'vitest';
import { apiFixture, configMaps } from './fixture.ts';

test.each(['POST', 'DELETE'])(
  'a client that hangs up in the middle of a body is no fault of the server: %s',
  async (method) => {
    const { app, reported } = await apiFixture();
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error('aborted')),
    });
    const headers = { authorization: 'Bearer admin', 'content-type': 'application/json' };
    const init = { method, body, headers, duplex: 'half' };
    const response = await app.request(
      new Request(`http://localhost${configMaps}${method === 'POST' ? '' : '/a'}`, init),
    );
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      reason: 'BadRequest',
      message: expect.stringContaining('unexpected EOF'),
    });
    expect(reported).toEqual([]);
  },
);
