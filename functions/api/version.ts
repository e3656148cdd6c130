import { once } from '../../kubernetes/once.ts';

/** The Kubernetes whose schemas are served. kubectl warns when its own minor differs by more than one; charts read it. */
const kubernetesVersion = 'v1.33.1';

/** GET /version. What follows the plus is build metadata: clients compare what precedes it. */
export const versionDocument = once(() =>
  JSON.stringify({
    major: '1',
    minor: '33',
    emulationMajor: '1',
    emulationMinor: '33',
    minCompatibilityMajor: '1',
    minCompatibilityMinor: '32',
    gitVersion: `${kubernetesVersion}+skiff`,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: '',
    platform: '',
  }),
);
