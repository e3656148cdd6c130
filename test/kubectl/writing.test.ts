import { writing } from './writing.ts';
import { againstSkiff } from './support/against-skiff.ts';

againstSkiff('kubectl, writing', writing);
