import { errorMessage } from '../../../kubernetes/error-message.ts';
import { RuntimeFailure, type RuntimeTask } from '../runtime.ts';
import { pauseBody, volumeName } from './container-body.ts';
import { createContainer } from './create-container.ts';
import { type Engine, isMissing } from './engine.ts';
import type { Images } from './images.ts';
import { type Ownership, taskLabel, taskName } from './labels.ts';
import { addressIn } from './survivors.ts';
import { ofTask, sweep } from './sweep.ts';
import { inspect } from './inspect.ts';

export interface TaskNetworkOptions {
  readonly engine: Engine;
  readonly images: Images;
  readonly ownership: Ownership;
  /** Has a busybox at /bin/busybox. */
  readonly toolboxImage: string;
}

/** The installation's network, and the containers that keep the tasks' places in it. */
export class TaskNetwork {
  private readonly options: TaskNetworkOptions;
  private made: Promise<string> | undefined;

  constructor(options: TaskNetworkOptions) {
    this.options = options;
  }

  /** Makes a task's network namespace; answers the container that keeps it, and its address. */
  async createPlace(task: RuntimeTask): Promise<{ readonly pause: string; readonly address: string }> {
    const { engine, ownership } = this.options;
    const image = await this.toolbox();
    const network = await this.network();
    try {
      const body = pauseBody(task, { ownership, image, network });
      const name = taskName(ownership, task.taskId);
      const [pause] = await Promise.all([createContainer(engine, name, body), this.createVolumes(task)]);
      await engine.call('POST', `/containers/${pause}/start`);
      return { pause, address: addressIn(await inspect(engine, pause)) };
    } catch (error) {
      // Somebody may have removed it.
      this.made = undefined;
      // What cannot be removed now goes with the task.
      await sweep(engine, { label: ofTask(task.taskId), tasksOnly: true }).catch(() => {});
      throw error;
    }
  }

  /** Volumes that all containers of the task share. What the image has at the place of the first mount is copied in. */
  private async createVolumes({ taskId, taskDefinition }: RuntimeTask): Promise<void> {
    const { engine, ownership } = this.options;
    const Labels = { ...ownership.labels, [taskLabel]: taskId };
    for (const { name = '', efsVolumeConfiguration } of taskDefinition.volumes ?? []) {
      if (efsVolumeConfiguration !== undefined) throw new RuntimeFailure(`volume ${name}: EFS is not emulated`);
      await engine.call('POST', '/volumes/create', { body: { Name: volumeName(ownership, taskId, name), Labels } });
    }
  }

  private async toolbox(): Promise<string> {
    const { images, toolboxImage } = this.options;
    try {
      return (await images.get(toolboxImage)).id;
    } catch (error) {
      const reason = errorMessage(error);
      throw new RuntimeFailure(
        `the toolbox image ${toolboxImage} cannot be had, SKIFF_TOOLBOX_IMAGE names another: ${reason}`,
        { cause: error },
      );
    }
  }

  private network(): Promise<string> {
    this.made ??= this.createNetwork().catch((error: unknown) => {
      this.made = undefined;
      throw error;
    });
    return this.made;
  }

  private async createNetwork(): Promise<string> {
    const { engine, ownership } = this.options;
    const name = `skiff-${ownership.installation}`;
    const isThere = async (): Promise<boolean> => {
      try {
        await engine.call('GET', `/networks/${name}`);
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    };
    if (await isThere()) return name;
    const body = { Name: name, Driver: 'bridge', CheckDuplicate: true, Labels: ownership.labels };
    await engine.call('POST', '/networks/create', { body }).catch(async (refusal: unknown) => {
      // Made by the process before this one at this moment, or by a call whose answer got lost.
      if (!(await isThere())) throw refusal;
    });
    return name;
  }
}
