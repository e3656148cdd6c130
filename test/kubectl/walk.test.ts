import { againstSkiff } from './support/against-skiff.ts';
import { walk } from './walk.ts';

againstSkiff('the walk', walk);
