/** Many resources at once, and why it cannot be fewer. */
export interface ResourcePattern {
  /** An ARN with `*`, in which `${AWS::Region}` and its like stand for what only the deployment knows. */
  readonly pattern: string;
  readonly reason: string;
}

/** The ARN of one resource, or a pattern. */
export type Resource = string | ResourcePattern;

/** What a role allows. Any of its actions on any of its resources. */
export interface Permission {
  /** `ecs:RunTask` */
  readonly actions: readonly string[];
  readonly resources: readonly Resource[];
  readonly conditions?: Conditions;
  /** Why no tag is asked for. */
  readonly open?: string;
}

/** As IAM writes them: operator, then key, then values. All of them have to hold. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
