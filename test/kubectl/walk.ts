import { expect, test } from 'vitest';
import { client, rows, type KubectlTarget } from './support/client.ts';
import type { KubectlBinary } from './support/kubectl.ts';

interface Listed {
  readonly items: readonly { readonly metadata: { readonly name: string; readonly uid: string } }[];
}
interface Spec<T> {
  readonly spec: T;
}

/**
 * The walk of examples/walk, driven as its README tells it. The tests follow each other: each goes on from where the one
 * before it ended, as a reader does.
 */
export function walk(target: () => KubectlTarget, binary: KubectlBinary): void {
  const kubectl = client({ kubectl: (...command) => target().kubectl(...command) }, binary);
  const names = async (resource: string): Promise<string[]> =>
    (await kubectl.get<Listed>(resource)).items.map((item) => item.metadata.name);

  test('a pod comes up and tells about itself', async () => {
    expect(await kubectl.ok('apply -f examples/walk/01-pod')).toBe('pod/nginx created\n');
    await kubectl.ok('wait --for=condition=Ready pod/nginx --timeout=30s');
    expect(rows(await kubectl.ok('get pods'))[0]?.slice(0, 4)).toEqual(['nginx', '1/1', 'Running', '0']);
    expect(rows(await kubectl.ok('get pod nginx -o wide'))[0]?.[5]).toMatch(/^10\.\d+\.\d+\.\d+$/);
    const yaml = await kubectl.ok('get pod nginx -o yaml');
    expect(yaml).toContain('phase: Running');
    expect(yaml).toContain('containerID: ecs://');
    const described = await kubectl.ok('describe pod nginx');
    expect(described).toMatch(/Image:\s+nginx:1\.13/);
    expect(described).toMatch(/Normal\s+Started/);
    expect(await kubectl.ok('apply -f examples/walk/01-pod')).toBe('pod/nginx unchanged\n');
  });

  test('a pod of two containers runs both', async () => {
    await kubectl.ok('apply -f examples/walk/02-two-containers');
    await kubectl.ok('wait --for=condition=Ready pod/web-and-clock --timeout=30s');
    expect(rows(await kubectl.ok('get pod web-and-clock'))[0]?.slice(1, 3)).toEqual(['2/2', 'Running']);
    await kubectl.ok('delete pod web-and-clock');
    expect(await kubectl.fails('get pod web-and-clock')).toContain('pods "web-and-clock" not found');
  });

  test('a replication controller keeps its pods', async () => {
    await kubectl.ok('apply -f examples/walk/03-replication-controller');
    await kubectl.ok('wait --for=jsonpath={.status.readyReplicas}=2 rc/nginx-rc --timeout=30s');
    const before = await names('pods -l app=nginx-rc');
    expect(before).toHaveLength(2);
    await kubectl.ok(`delete pod ${before[0]}`);
    await kubectl.ok('wait --for=jsonpath={.status.readyReplicas}=2 rc/nginx-rc --timeout=30s');
    await kubectl.ok('wait --for=condition=Ready pod -l app=nginx-rc --timeout=30s');
    const after = await names('pods -l app=nginx-rc');
    expect(after).toHaveLength(2);
    expect(after).not.toContain(before[0]);
    expect(after).toContain(before[1]);
    await kubectl.ok('scale rc nginx-rc --replicas=3');
    await kubectl.ok('wait --for=jsonpath={.status.readyReplicas}=3 rc/nginx-rc --timeout=30s');
    expect(rows(await kubectl.ok('get rc'))[0]?.slice(0, 4)).toEqual(['nginx-rc', '3', '3', '3']);
    expect(await kubectl.ok('describe rc nginx-rc')).toMatch(/Normal\s+SuccessfulCreate/);
  });

  test('a service has the ready pods as its endpoints', async () => {
    await kubectl.ok('apply -f examples/walk/04-service');
    expect(rows(await kubectl.ok('get service nginx-rc'))[0]?.slice(4, 5)).toEqual(['80:30080/TCP']);
    await kubectl.until('describe service nginx-rc', /Endpoints:\s+10\.\S+:80,10\.\S+:80,10\.\S+:80/);
    await kubectl.ok('delete -f examples/walk/03-replication-controller --timeout=60s');
    await kubectl.ok('wait --for=delete pod -l app=nginx-rc --timeout=60s');
    await kubectl.ok('delete -f examples/walk/04-service');
  });

  test('a deployment rolls out', async () => {
    await kubectl.ok('apply -f examples/walk/05-deployment');
    expect(await kubectl.ok('rollout status deployment/web --timeout=60s')).toContain(
      'deployment "web" successfully rolled out',
    );
    expect(rows(await kubectl.ok('get deployments'))[0]?.slice(0, 4)).toEqual(['web', '3/3', '3', '3']);
    expect(await names('replicasets -l app=web')).toHaveLength(1);
    expect(await kubectl.ok('get pods -A -l app=web -o name')).toMatch(/^(pod\/web-\w+-\w+\n){3}$/);
  });

  test('a deleted pod is replaced', async () => {
    const before = await names('pods -l app=web');
    await kubectl.ok(`delete pod ${before[1]}`);
    await kubectl.ok('rollout status deployment/web --timeout=60s');
    await kubectl.ok('wait --for=jsonpath={.status.readyReplicas}=3 deployment/web --timeout=30s');
    const after = await names('pods -l app=web');
    expect(after).not.toContain(before[1]);
    expect(after).toHaveLength(3);
  });

  test('a deployment is scaled', async () => {
    expect(await kubectl.ok('scale deployment web --replicas=5')).toBe('deployment.apps/web scaled\n');
    await kubectl.ok('rollout status deployment/web --timeout=60s');
    await kubectl.ok('wait --for=jsonpath={.status.readyReplicas}=5 deployment/web --timeout=30s');
    await kubectl.ok('scale deployment web --replicas=2');
    await kubectl.ok('wait --for=jsonpath={.status.replicas}=2 deployment/web --timeout=60s');
    await kubectl.ok('wait --for=jsonpath={.status.readyReplicas}=2 deployment/web --timeout=30s');
  });

  test('an update rolls through and can be undone', async () => {
    await kubectl.ok('set image deployment/web nginx=nginx:1.15');
    await kubectl.ok('annotate deployment/web kubernetes.io/change-cause=1.15');
    expect(await kubectl.ok('rollout status deployment/web --timeout=60s')).toContain('successfully rolled out');
    // Old pods may still be Terminating.
    await kubectl.until(
      'get pods -l app=web -o jsonpath={.items[*].spec.containers[0].image}',
      /^nginx:1\.15 nginx:1\.15$/,
    );
    expect(rows(await kubectl.ok('rollout history deployment/web'))).toHaveLength(3);
    expect(await kubectl.ok('rollout history deployment/web --revision=2')).toMatch(/Image:\s+nginx:1\.15/);
    await kubectl.ok('rollout undo deployment/web');
    await kubectl.ok('rollout status deployment/web --timeout=60s');
    const { spec } =
      await kubectl.get<Spec<{ template: Spec<{ containers: readonly { image: string }[] }> }>>('deployment web');
    expect(spec.template.spec.containers[0]?.image).toBe('nginx:1.13');
    expect(await names('replicasets -l app=web')).toHaveLength(2);
    expect(await kubectl.ok('describe deployment web')).toMatch(/NewReplicaSet:\s+web-\w+ \(2\/2 replicas created\)/);
  });

  test('a deployment is exposed', async () => {
    expect(await kubectl.ok('expose deployment web --port=8080 --target-port=80')).toBe('service/web exposed\n');
    await kubectl.until('get endpoints web', /10\.\S+:80,10\.\S+:80/);
    await kubectl.ok('delete service web');
    await kubectl.ok('delete deployment web --timeout=60s');
    await kubectl.ok('wait --for=delete pod -l app=web --timeout=60s');
    expect(await names('replicasets')).toEqual([]);
  });

  test('a watch shows what happens', async () => {
    const watching = kubectl.start('get pods -w');
    await watching.printed(/^nginx +1\/1 +Running/m);
    await kubectl.ok('delete pod nginx --timeout=60s');
    await kubectl.ok('apply -f examples/walk/01-pod');
    await watching.printed(/Terminating[^]*ContainerCreating[^]*Running/);
    await kubectl.ok('delete pod nginx --timeout=60s');
    const { stdout } = await watching.stop();
    expect(stdout.match(/^NAME/gm)).toHaveLength(1);
  });

  test('a namespace holds its own, and takes all with it', async () => {
    await kubectl.ok('apply -f examples/walk/06-namespace');
    await kubectl.ok('-n shop rollout status deployment/cart --timeout=60s');
    expect(rows(await kubectl.ok('get pods -n shop'))).toHaveLength(2);
    expect(await kubectl.ok('get all -n shop -o name')).toContain('service/cart');
    expect(await kubectl.ok('get deployments -A --no-headers')).toMatch(/^shop\s+cart/m);
    await kubectl.ok('delete namespace shop --timeout=90s');
    expect(await kubectl.fails('get namespace shop')).toContain('namespaces "shop" not found');
    expect(await kubectl.ok('get pods -n shop -o name')).toBe('');
  });
}
