import { pods } from './pods.ts';
import { againstSkiff } from './support/against-skiff.ts';

// What is judged here is the server: one kubectl is enough.
againstSkiff('pods', pods, 1);
