import { CfnCondition, CfnParameter, Fn } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { standardToolboxImage } from '../translate/toolbox/toolbox-image.ts';

/** What a deployment has to be told. */
export interface Parameters {
  readonly subnets: string[];
  readonly securityGroups: string[];
  /** The image of the toolbox of every task. */
  readonly toolboxImage: string;
  /** SHA-256 of the API's token; nothing when none was given. */
  readonly tokenDigest: string;
}

/**
 * Parameters of the stack, so that one template fits every account and none is needed to make it. CloudFormation refuses
 * a deployment without the network, and names that do not exist.
 */
export function declareParameters(scope: Construct): Parameters {
  const subnets = new CfnParameter(scope, 'Subnets', {
    type: 'List<AWS::EC2::Subnet::Id>',
    description: 'The subnets in which tasks get their addresses, with a way out to where their images are.',
  });
  const securityGroups = new CfnParameter(scope, 'SecurityGroups', {
    type: 'List<AWS::EC2::SecurityGroup::Id>',
    description: 'The security groups of all tasks, in the VPC of the subnets.',
  });
  const toolboxImage = new CfnParameter(scope, 'ToolboxImage', {
    type: 'String',
    default: standardToolboxImage,
    // What ECS takes for an image, and nothing that JSON would escape.
    allowedPattern: '^[A-Za-z0-9_.:/#@-]{1,255}$',
    description: 'An image with a static busybox at /bin/busybox: every task gets a copy, with which its probes run.',
  });
  const tokenDigest = new CfnParameter(scope, 'TokenSha256', {
    type: 'String',
    default: '',
    noEcho: true,
    allowedPattern: '^([0-9a-f]{64})?$',
    constraintDescription: 'must be a SHA-256, hexadecimal, in small letters',
    description: 'SHA-256 of the token that the API accepts. Without it the API refuses every call.',
  });
  const hasToken = new CfnCondition(scope, 'HasToken', {
    expression: Fn.conditionNot(Fn.conditionEquals(tokenDigest.valueAsString, '')),
  });
  return {
    subnets: subnets.valueAsList,
    securityGroups: securityGroups.valueAsList,
    toolboxImage: toolboxImage.valueAsString,
    tokenDigest: Fn.conditionIf(hasToken.logicalId, tokenDigest.valueAsString, Fn.ref('AWS::NoValue')).toString(),
  };
}
