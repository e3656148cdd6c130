/** The installation that made something. What carries this label is Skiff's to remove, and nothing else is. */
export const installationLabel = 'dev.skiff.installation';
/** The process that something lives and dies with, unless the installation has a data directory. */
export const processLabel = 'dev.skiff.process';
/** The data directory of the installation, which a later process may take over. */
export const dataLabel = 'dev.skiff.data';
/** The task's id. */
export const taskLabel = 'dev.skiff.task';
/** The container's name in its task; the container that keeps the network has none. */
export const containerLabel = 'dev.skiff.container';
/** How often the container has been started in its task before. */
export const attemptLabel = 'dev.skiff.attempt';

/** Whom an installation's containers belong to. */
export interface Ownership {
  /** A few letters and digits, in every name. */
  readonly installation: string;
  readonly labels: Readonly<Record<string, string>>;
}
