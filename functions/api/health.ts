import type { ApiDependencies } from './dependencies.ts';

/** GET /healthz, /livez, /readyz: `ok`, or with `verbose` a line for each check. 500 when the store does not answer. */
export async function health(dependencies: ApiDependencies, path: string, query: URLSearchParams): Promise<Response> {
  const checks = [
    { name: 'ping', passed: true },
    { name: 'store', passed: await storeAnswers(dependencies) },
  ];
  const passed = checks.every((check) => check.passed);
  const name = path.split('/')[1] ?? '';
  if (passed && !query.has('verbose')) return text('ok');
  const lines = checks.map(
    (check) => `[${check.passed ? '+' : '-'}]${check.name} ${check.passed ? 'ok' : 'failed: reason withheld'}\n`,
  );
  return text(`${lines.join('')}${name} check ${passed ? 'passed' : 'failed'}\n`, passed ? 200 : 500);
}

async function storeAnswers(dependencies: ApiDependencies): Promise<boolean> {
  try {
    await dependencies.store.revision();
    return true;
  } catch (error) {
    dependencies.report(error);
    return false;
  }
}

const text = (body: string, status = 200): Response =>
  new Response(body, {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
  });
