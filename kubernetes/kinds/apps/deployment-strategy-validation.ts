import {
  forbidden,
  invalid,
  notSupported,
  required,
  under,
  type FieldError,
  type GoSyntax,
} from '../../field-errors.ts';
import { nonNegative } from '../../field-rules.ts';
import type { IntOrString } from '../../schema.ts';

interface RollingUpdate {
  readonly maxUnavailable?: IntOrString | undefined;
  readonly maxSurge?: IntOrString | undefined;
}

interface Strategy {
  readonly type?: string | undefined;
  readonly rollingUpdate?: RollingUpdate | undefined;
}

/** Everything wrong with how a Deployment replaces its pods. */
export function validateDeploymentStrategy(
  { type = '', rollingUpdate }: Strategy,
  path: string,
): readonly FieldError[] {
  const rollingPath = under(path, 'rollingUpdate');
  if (type === 'Recreate') {
    const detail = "may not be specified when strategy `type` is 'Recreate'";
    return rollingUpdate === undefined ? [] : [forbidden(rollingPath, detail)];
  }
  if (type === 'RollingUpdate') {
    return rollingUpdate === undefined
      ? [required(rollingPath, 'this should be defaulted and never be nil')]
      : validateRollingUpdate(rollingUpdate, rollingPath);
  }
  const pointer = `(*apps.RollingUpdateDeployment)(${rollingUpdate === undefined ? 'nil' : '0x0'})`;
  const shown = { goSyntax: `apps.DeploymentStrategy{Type:${JSON.stringify(type)}, RollingUpdate:${pointer}}` };
  return [notSupported(path, shown, ['Recreate', 'RollingUpdate'])];
}

function validateRollingUpdate(update: RollingUpdate, path: string): readonly FieldError[] {
  const { maxUnavailable = 0, maxSurge = 0 } = update;
  const unavailablePath = under(path, 'maxUnavailable');
  const stuck = amount(maxUnavailable) === 0 && amount(maxSurge) === 0;
  return [
    ...positive(maxUnavailable, unavailablePath),
    ...positive(maxSurge, under(path, 'maxSurge')),
    ...(stuck ? [invalid(unavailablePath, inGo(maxUnavailable), 'may not be 0 when `maxSurge` is 0')] : []),
    ...(typeof maxUnavailable === 'string' && amount(maxUnavailable) > 100
      ? [invalid(unavailablePath, inGo(maxUnavailable), 'must not be greater than 100%')]
      : []),
  ];
}

const percentage = /^[0-9]+%$/;

/** The number before the percent sign; what is no percentage counts as 0. */
const amount = (value: IntOrString): number => {
  if (typeof value === 'number') return value;
  return percentage.test(value) ? Number.parseInt(value, 10) : 0;
};

function positive(value: IntOrString, path: string): readonly FieldError[] {
  if (typeof value === 'number') return nonNegative(path, value);
  if (percentage.test(value)) return [];
  const detail =
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
  return [invalid(path, inGo(value), detail)];
}

const inGo = (value: IntOrString): GoSyntax => ({
  goSyntax:
    typeof value === 'number'
      ? `intstr.IntOrString{Type:0, IntVal:${value}, StrVal:""}`
      : `intstr.IntOrString{Type:1, IntVal:0, StrVal:${JSON.stringify(value)}}`,
});
