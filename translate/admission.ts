import { forbidden } from '../kubernetes/field-errors.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { Admission } from '../kubernetes/write/dependencies.ts';
import { beyondQuota } from './ecs-service.ts';
import type { Installation } from './installation.ts';
import type { Finding } from './plan.ts';
import { translateTaskDefinition } from './task-definition.ts';
import { workloadOf } from './workload.ts';

/** What does not depend on the installation is the same in each: this one stands for all. */
const anyInstallation: Installation = {
  name: '',
  region: '',
  cluster: '',
  subnets: [],
  securityGroups: [],
  executionRoleArn: '',
  toolboxImage: '',
  logGroup: '',
  nodes: {},
};

/**
 * What is to be told of an object when it is written, since AWS cannot do it all as it says. ConfigMaps and Secrets are
 * not looked at: as in Kubernetes they may come later, and what they lack is told by the pods that wait for them.
 */
export function admit(object: KubernetesObject): Admission {
  const workload = workloadOf(object);
  if (workload === undefined) return { warnings: [], errors: [] };
  const { owner, template, path } = workload;
  const surroundings = {
    installation: anyInstallation,
    configMaps: new Map(),
    secrets: new Map(),
    secretArn: () => '',
  };
  const { warnings, refused } = translateTaskDefinition({ owner, template }, surroundings);
  const lasting = refused.filter((finding) => finding.waitsFor === undefined);
  const quota = beyondQuota(workload.replicas ?? 0);
  return {
    warnings: [
      ...(quota === undefined ? [] : [`spec.replicas: ${quota}`]),
      ...warnings.map((finding: Finding) => `${path}${finding.path}: ${finding.message}`),
    ],
    errors: lasting.map((finding: Finding) => forbidden(path + finding.path, finding.message)),
  };
}
