import { expect, test } from 'vitest';
import { client } from '../kubectl/support/client.ts';
import { forEachKubectl } from '../kubectl/support/for-each-kubectl.ts';
import { walk } from '../kubectl/walk.ts';
import { onRealContainers } from './support/engine.ts';
import { skiffOnEngine } from './support/skiff-on-engine.ts';

onRealContainers('the walk on an engine', (engine) => {
  // The same whoever asks.
  forEachKubectl((binary) => {
    const skiff = skiffOnEngine(engine);

    walk(skiff, binary);

    test('a node port answers by round robin over the ready pods', async () => {
      const kubectl = client(skiff(), binary);
      await kubectl.ok('apply -f examples/walk/03-replication-controller -f examples/walk/04-service');
      await kubectl.until('get endpoints nginx-rc', /10\.\S+:80,10\.\S+:80/);
      const answer = await fetch('http://127.0.0.1:30080/');
      expect(await answer.text()).toBe('version 1\n');
    });
  }, 1);
});
