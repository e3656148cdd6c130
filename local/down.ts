import { engineAddresses, type EngineSurroundings } from './containers/docker/engine-addresses.ts';
import { findEngine } from './containers/docker/find-engine.ts';
import { installationLabel } from './containers/docker/labels.ts';
import { ownershipOf } from './containers/docker/ownership.ts';
import { ofInstallation, sweep } from './containers/docker/sweep.ts';

export interface DownOptions extends EngineSurroundings {
  /** Only the installation with this data directory. */
  readonly dataDirectory: string | undefined;
}

/** Removes all that carries Skiff's label from the engine; answers how many things went. Throws when no engine answers. */
export async function down({ dataDirectory, ...surroundings }: DownOptions): Promise<number> {
  const addresses = engineAddresses(surroundings);
  if (addresses.length === 0) return 0;
  const { engine } = await findEngine(addresses);
  return sweep(engine, { label: dataDirectory === undefined ? installationLabel : ofData(dataDirectory) });
}

const ofData = (directory: string): string => ofInstallation(ownershipOf(directory, () => '').installation);
