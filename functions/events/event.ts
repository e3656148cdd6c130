/** An event as EventBridge delivers it: at least once, possibly late and out of order. */
export interface AwsEvent<Detail = unknown> {
  readonly id: string;
  /** `aws.ecs` */
  readonly source: string;
  /** `ECS Task State Change` */
  readonly 'detail-type': string;
  /** ISO 8601. */
  readonly time: string;
  readonly region: string;
  readonly account: string;
  readonly resources: readonly string[];
  readonly detail: Detail;
}
