import { lockDirectory } from '../../../local/directory-lock.ts';

// Holds a directory until it is killed.
const unlock = await lockDirectory(process.argv[2] ?? '');
process.stdout.write(unlock === undefined ? 'refused\n' : 'locked\n');
setInterval(() => {}, 1000);
