import type { ServiceName } from '../../aws/operations.ts';

/** How a service speaks AWS JSON. */
export interface WireService {
  readonly name: ServiceName;
  readonly contentType: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1';
  /** What stands before `#` in the `__type` of its errors; absent where nothing does. */
  readonly errorNamespace?: string;
}

/** By what stands before the dot in `X-Amz-Target`. */
const services: Readonly<Record<string, WireService>> = {
  AmazonEC2ContainerServiceV20141113: { name: 'ecs', contentType: 'application/x-amz-json-1.1' },
  AmazonSQS: { name: 'sqs', contentType: 'application/x-amz-json-1.0', errorNamespace: 'com.amazonaws.sqs' },
  DynamoDB_20120810: {
    name: 'dynamodb',
    contentType: 'application/x-amz-json-1.0',
    errorNamespace: 'com.amazonaws.dynamodb.v20120810',
  },
  secretsmanager: { name: 'secretsmanager', contentType: 'application/x-amz-json-1.1' },
};

/** Who is called: `AmazonSQS.SendMessage`; undefined when there is no such service here. */
export function parseTarget(
  target: string | undefined,
): { readonly service: WireService; readonly operation: string } | undefined {
  const [prefix = '', operation = '', ...rest] = (target ?? '').split('.');
  if (operation === '' || rest.length > 0 || !Object.hasOwn(services, prefix)) return undefined;
  const service = services[prefix];
  return service === undefined ? undefined : { service, operation };
}
