import { apiVersionOf } from '../../kubernetes/kind.ts';
import { once } from '../../kubernetes/once.ts';
import { servedKinds } from './served-kinds.ts';

const others = ['/api', '/apis', '/healthz', '/livez', '/openapi/v2', '/openapi/v3', '/readyz', '/version'];

/** GET /: the paths there are. */
export const rootDocument = once(() => {
  const groups = servedKinds.flatMap((kind) =>
    kind.group === '' ? [`/api/${kind.version}`] : [`/apis/${kind.group}`, `/apis/${apiVersionOf(kind)}`],
  );
  return JSON.stringify({ paths: [...new Set([...others, ...groups])].toSorted() });
});
