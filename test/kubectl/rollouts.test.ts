import { rollouts } from './rollouts.ts';
import { againstSkiff } from './support/against-skiff.ts';

// What is judged here is the server: one kubectl is enough.
againstSkiff('rollouts', rollouts, 1);
