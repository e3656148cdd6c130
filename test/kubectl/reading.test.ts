import { reading } from './reading.ts';
import { againstSkiff } from './support/against-skiff.ts';

againstSkiff('kubectl, reading', reading);
