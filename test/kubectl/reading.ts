import { expect, test } from 'vitest';
import { client, rows, type KubectlTarget } from './support/client.ts';
import type { KubectlBinary } from './support/kubectl.ts';

/** The commands of kubectl that read, over the objects of the walk. */
export function reading(target: () => KubectlTarget, binary: KubectlBinary): void {
  const kubectl = client({ kubectl: (...command) => target().kubectl(...command) }, binary);

  test('a cluster is there before anything is applied', async () => {
    expect(await kubectl.ok('version')).toMatch(/Server Version:.*v1\.33/);
    expect(await kubectl.ok('cluster-info')).toContain('is running at');
    expect((await kubectl.ok('get namespaces -o name')).split('\n')).toEqual(
      expect.arrayContaining(['namespace/default', 'namespace/kube-public', 'namespace/kube-system']),
    );
    expect(await kubectl.ok('get service kubernetes -o jsonpath={.spec.clusterIP}')).toBe('10.96.0.1');
    expect(rows(await kubectl.ok('get nodes')).map((row) => row[1])).toEqual(['Ready', 'Ready', 'Ready']);
    expect(await kubectl.ok('get nodes -o wide')).toContain('simulated://');
    expect(await kubectl.ok('get serviceaccount default -o name')).toBe('serviceaccount/default\n');
  });

  test('api-resources and api-versions list what there is', async () => {
    const resources = await kubectl.ok('api-resources');
    expect(resources).toMatch(/^deployments +deploy +apps\/v1 +true +Deployment$/m);
    expect(resources).toMatch(/^pods +po +v1 +true +Pod$/m);
    expect(await kubectl.ok('api-versions')).toBe(
      'apps/v1\nauthentication.k8s.io/v1\nauthorization.k8s.io/v1\ndiscovery.k8s.io/v1\nv1\n',
    );
    expect(await kubectl.fails('get unicorns')).toContain('the server doesn\'t have a resource type "unicorns"');
  });

  test('explain knows the fields', async () => {
    expect(await kubectl.ok('explain deployment.spec.replicas')).toMatch(/FIELD:\s+replicas\s+<integer>/);
    expect(await kubectl.ok('explain pod.spec.containers')).toMatch(/^\s+image\s+<string>/m);
    expect(await kubectl.ok('explain pod.spec.containers --output=plaintext-openapiv2')).toMatch(
      /^\s+image\s+<string>/m,
    );
    expect(await kubectl.fails('explain pod.spec.wheels')).toContain('field "wheels" does not exist');
  });

  test('get prints in every form', async () => {
    await kubectl.ok('apply -R -f examples/walk');
    await kubectl.ok('rollout status deployment/web --timeout=60s');
    await kubectl.ok('wait --for=condition=Ready pod --all --timeout=30s');
    expect(await kubectl.ok('get deployment web -o name')).toBe('deployment.apps/web\n');
    expect(await kubectl.ok('get deploy/web -o yaml')).toContain('\nkind: Deployment\n');
    expect(await kubectl.ok('get deployment web -o wide')).toMatch(/nginx +nginx:1\.13 +app=web/);
    expect(await kubectl.ok('get pods --show-labels')).toMatch(/nginx .*app=nginx/);
    expect(await kubectl.ok('get pods -L app')).toMatch(/^NAME .* APP\n/);
    expect(await kubectl.ok('get pod nginx -o custom-columns=N:.metadata.name,P:.status.phase')).toBe(
      'N       P\nnginx   Running\n',
    );
    expect(await kubectl.ok('get pods --sort-by=.metadata.name -o name')).toMatch(/^pod\/nginx\n/);
    expect(await kubectl.ok('get pods -A')).toMatch(/^NAMESPACE +NAME .*\n(.*\n)*shop +cart-/);
    expect(await kubectl.ok('get all')).toContain('service/kubernetes');
  });

  test('selectors choose', async () => {
    expect(await kubectl.ok(['get', 'pods', '-l', 'app in (nginx,nothing)', '-o', 'name'])).toBe('pod/nginx\n');
    expect(rows(await kubectl.ok('get pods -l app!=web,app!=nginx-rc'))).toHaveLength(2);
    expect(await kubectl.ok('get pods --field-selector=metadata.name=nginx -o name')).toBe('pod/nginx\n');
    expect(await kubectl.ok('get pods --field-selector=status.phase!=Running -o name')).toBe('');
    expect(await kubectl.fails('get pods --field-selector=spec.wheels=4')).toContain(
      'field label not supported: spec.wheels',
    );
    expect(await kubectl.fails('get pods -l app=(')).toContain('unable to parse requirement');
  });

  test('describe tells about every kind', async () => {
    const kinds =
      'namespace/default pod/nginx rc/nginx-rc deployment/web service/nginx-rc endpoints/nginx-rc configmap/kube-root-ca.crt serviceaccount/default';
    for (const object of kinds.split(' ')) {
      expect(await kubectl.ok(`describe ${object}`)).toMatch(new RegExp(`^Name: +${object.split('/')[1] ?? ''}`, 'm'));
    }
    expect(await kubectl.ok('describe replicaset -l app=web')).toMatch(/Controlled By: +Deployment\/web/);
    expect(await kubectl.ok('describe endpointslice -l kubernetes.io/service-name=nginx-rc')).toContain('AddressType:');
    expect(await kubectl.ok('describe nodes')).toMatch(/Non-terminated Pods:/);
    expect(await kubectl.ok('describe pod -l app=web')).toMatch(/Controlled By: +ReplicaSet\/web-/);
    expect(await kubectl.ok('get events --field-selector=involvedObject.name=nginx')).toMatch(/Started/);
  });

  test('wait waits', async () => {
    await kubectl.ok('wait --for=condition=Available deployment/web --timeout=30s');
    await kubectl.ok('wait --for=jsonpath={.status.phase}=Running pod/nginx --timeout=30s');
    expect(await kubectl.fails('wait --for=condition=Available=False deployment/web --timeout=1s')).toContain(
      'timed out',
    );
  });

  test('raw paths answer', async () => {
    expect(await kubectl.ok('get --raw /healthz')).toBe('ok');
    expect(await kubectl.ok('get --raw /readyz?verbose')).toContain('ok');
    expect(JSON.parse(await kubectl.ok('get --raw /api/v1/namespaces/default/pods/nginx'))).toMatchObject({
      kind: 'Pod',
    });
    expect(await kubectl.fails('get --raw /api/v2')).toContain('NotFound');
  });

  test('nodes are cordoned and uncordoned', async () => {
    const node = rows(await kubectl.ok('get nodes'))[0]?.[0] ?? '';
    expect(await kubectl.ok(`cordon ${node}`)).toContain('cordoned');
    expect(rows(await kubectl.ok(`get node ${node}`))[0]?.[1]).toBe('Ready,SchedulingDisabled');
    expect(await kubectl.ok(`uncordon ${node}`)).toContain('uncordoned');
  });
}
