/** What one installation of Skiff consists of in AWS: the surroundings that every plan refers to. */
export interface Installation {
  /** Its name, part of its tags: `skiff`. */
  readonly name: string;
  readonly region: string;
  /** Name of the ECS cluster. */
  readonly cluster: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** The role with which ECS pulls images and writes logs. */
  readonly executionRoleArn: string;
  /** A static busybox at /bin/busybox, of which every task gets one. */
  readonly toolboxImage: string;
  /** The CloudWatch log group of all containers. */
  readonly logGroup: string;
  /** Name of the one virtual node of each Availability Zone, by zone: pods say where they run. */
  readonly nodes: Readonly<Record<string, string>>;
}

/** The account of the installation, which its execution role is in. */
export const accountId = ({ executionRoleArn }: Pick<Installation, 'executionRoleArn'>): string =>
  executionRoleArn.split(':')[4] ?? '';
