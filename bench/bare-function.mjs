// The yardstick of a cold start: all that Hono needs to answer on Lambda, and nothing else.
import { Hono } from 'hono';
import { streamHandle } from 'hono/aws-lambda';

const app = new Hono();
app.all('*', (context) => context.json({ major: '1', minor: '33' }));

export const handler = streamHandle(app);
