/**
 * The installation that made something. What carries this label is Skiff's to remove, and nothing else is; a container
 * has the labels of its image too, and is Skiff's when it has the name that Skiff gives, which no image can.
 */
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

/** Labels that an image may bring, and that say nothing about the container then: each has to be given a value. */
export const unsaid: Readonly<Record<string, string>> = {
  [processLabel]: '',
  [dataLabel]: '',
  [containerLabel]: '',
  [attemptLabel]: '',
};

export interface ContainerIdentity {
  readonly installation: string;
  readonly taskId: string;
  /** Empty for the container that keeps the network. */
  readonly name: string;
  readonly attempt: string;
}

/** The engine's name for a task, and for the container that keeps the task's network. */
export const taskName = ({ installation }: Pick<Ownership, 'installation'>, taskId: string): string =>
  `skiff-${installation}-${taskId}`;

/** The engine's name for a container. */
export const engineName = (container: ContainerIdentity): string => {
  const task = taskName(container, container.taskId);
  return container.name === '' ? task : `${task}-${container.name}-${container.attempt}`;
};

/** The engine's name for a container that Skiff has given these labels. */
export const nameOf = (labels: Readonly<Record<string, string>>): string =>
  engineName({
    installation: labels[installationLabel] ?? '',
    taskId: labels[taskLabel] ?? '',
    name: labels[containerLabel] ?? '',
    attempt: labels[attemptLabel] ?? '',
  });

/** Whom an installation's containers belong to. */
export interface Ownership {
  /** A few letters and digits, in every name. */
  readonly installation: string;
  readonly labels: Readonly<Record<string, string>>;
}
