import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';
import { functions } from '../../../infra/functions.ts';
import { InstallationStack } from '../../../infra/installation-stack.ts';

const template = z.object({
  Parameters: z.record(z.string(), z.record(z.string(), z.unknown())),
  Conditions: z.record(z.string(), z.unknown()),
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()) })),
});

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface Synthesised {
  readonly stack: InstallationStack;
  readonly parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** All resources of a type, as they are once CloudFormation has filled in what only it knows. */
  resources(type: string): readonly Resource[];
}

export interface SynthesisOptions {
  readonly directory: string;
  readonly zones?: readonly string[];
  /** What a deployment gives. */
  readonly parameters?: Readonly<Record<string, string | readonly string[]>>;
}

/** Synthesises an installation whose bundles are empty, into a directory of its own. */
export async function synthesise({ directory, zones, parameters }: SynthesisOptions): Promise<Synthesised> {
  const bundles = join(directory, 'bundles');
  await mkdir(bundles, { recursive: true });
  for (const name of Object.keys(functions)) await writeFile(join(bundles, `${name}.mjs`), `// ${name}\n`);
  // CDK's look at the template takes seconds, and is part of `npm run synth`.
  const outdir = join(directory, 'cdk.out');
  const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
  const stack = new InstallationStack(app, 'Installation', {
    installationName: 'skiff',
    bundles,
    ...(zones === undefined ? {} : { zones }),
  });
  const read = template.parse(Template.fromStack(stack).toJSON());
  const given = { Subnets: ['subnet-a', 'subnet-b'], SecurityGroups: ['sg-a'], TokenSha256: '', ...parameters };
  const fill = filler(given, read.Conditions);
  const resources = Object.entries(read.Resources).map(([id, { Type: type, Properties }]) => ({
    id,
    type,
    properties: z.record(z.string(), z.unknown()).parse(fill(Properties)),
  }));
  return {
    stack,
    parameters: read.Parameters,
    resources: (type) => resources.filter((resource) => resource.type === type),
  };
}

/** Only one property of such an object says what to do. */
const intrinsic = (value: object): [name: string, argument: unknown] | undefined => {
  const [entry, ...others] = Object.entries(value);
  return others.length === 0 && entry !== undefined && /^(Ref|Fn::\w+)$/.test(entry[0]) ? entry : undefined;
};

const nothing = Symbol('AWS::NoValue');

/** Does with a template what CloudFormation does: stand-ins for what it would make, and the parameters given. */
function filler(
  parameters: Readonly<Record<string, unknown>>,
  conditions: Readonly<Record<string, unknown>>,
): (value: unknown) => unknown {
  const pseudo: Record<string, unknown> = {
    'AWS::Partition': 'aws',
    'AWS::Region': 'eu-central-1',
    'AWS::AccountId': '123456789012',
    'AWS::StackId': 'arn:aws:cloudformation:eu-central-1:123456789012:stack/skiff/1',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::NoValue': nothing,
  };
  const refer = (name: string): unknown =>
    pseudo[name] ?? parameters[name] ?? (name.startsWith('Queues') ? `https://sqs.test/${name}` : name);
  const list = (argument: unknown): unknown[] => z.array(z.unknown()).parse(argument).map(fill);
  const functionsOf: Record<string, (argument: unknown) => unknown> = {
    Ref: (name) => refer(String(name)),
    'Fn::GetAtt': (argument) => `arn:test:${list(argument).join('.')}`,
    'Fn::GetAZs': () => ['a', 'b', 'c', 'd'].map((letter) => `eu-central-1${letter}`),
    'Fn::Join': (argument) => {
      const [delimiter, items] = list(argument);
      return z.array(z.string()).parse(items).join(String(delimiter));
    },
    'Fn::Select': (argument) => {
      const [index, items] = list(argument);
      return z.array(z.unknown()).parse(items)[Number(index)];
    },
    'Fn::Sub': (text) => String(text).replaceAll(/\$\{([\w:]+)\}/g, (_, name: string) => String(refer(name))),
    'Fn::Equals': (argument) => new Set(list(argument)).size === 1,
    'Fn::Not': (argument) => list(argument)[0] === false,
    'Fn::If': (argument) => {
      const [name, whenTrue, whenFalse] = list(argument);
      return fill(conditions[String(name)]) === true ? whenTrue : whenFalse;
    },
  };
  function fill(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== 'object' || value === null) return value;
    const [name, argument] = intrinsic(value) ?? [];
    if (name === undefined) {
      const entries = Object.entries(value).map(([key, member]) => [key, fill(member)] as const);
      return Object.fromEntries(entries.filter(([, member]) => member !== nothing));
    }
    const apply = functionsOf[name];
    if (apply === undefined) throw new Error(`the template has ${name}, which this reader does not know`);
    return apply(argument);
  }
  return fill;
}
