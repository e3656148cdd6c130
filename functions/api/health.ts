import type { ApiDependencies } from './dependencies.ts';

/**
 * GET /healthz, /livez, /readyz: `ok`, or with `verbose` a line for each check. 500 when the store does not answer, or takes
 * nothing new; to be started again would not help against that, so `/livez` says nothing of it.
 */
export async function health(dependencies: ApiDependencies, path: string, query: URLSearchParams): Promise<Response> {
  const name = path.split('/')[1] ?? '';
  const trouble = name === 'livez' ? undefined : dependencies.storageTrouble?.();
  const checks: readonly Check[] = [
    { name: 'ping', passed: true },
    { name: 'store', passed: trouble === undefined && (await storeAnswers(dependencies)), reason: trouble },
  ];
  const passed = checks.every((check) => check.passed);
  if (passed && !query.has('verbose')) return text('ok');
  const lines = checks.map(
    (check) =>
      `[${check.passed ? '+' : '-'}]${check.name} ${check.passed ? 'ok' : `failed: ${check.reason ?? 'reason withheld'}`}\n`,
  );
  return text(`${lines.join('')}${name} check ${passed ? 'passed' : 'failed'}\n`, passed ? 200 : 500);
}

interface Check {
  readonly name: string;
  readonly passed: boolean;
  readonly reason?: string | undefined;
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
