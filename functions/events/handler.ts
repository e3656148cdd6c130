import { openCloud } from '../cloud.ts';
import { readConfig } from '../config.ts';
import type { AwsEvent } from './event.ts';
import { handleEvent } from './handle-event.ts';

const cloud = openCloud(readConfig(process.env));

/** Takes an event of ECS from EventBridge. One that it throws at comes again. */
export const handler = (event: AwsEvent): Promise<void> => handleEvent(cloud, event);
