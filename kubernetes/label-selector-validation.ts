import { at, forbidden, invalid, required, under, type FieldError, type GoSyntax } from './field-errors.ts';
import { checked } from './field-rules.ts';
import type { LabelSelector, LabelSelectorRequirement } from './selector.ts';
import { labelValueProblems, qualifiedNameProblems } from './label.ts';
import { validateLabels } from './object-meta-validation.ts';

/** Everything wrong with a label selector; nothing is wrong with one that is missing or selects all. */
export function validateLabelSelector(selector: LabelSelector | undefined, path: string): readonly FieldError[] {
  return [
    ...validateLabels(selector?.matchLabels, under(path, 'matchLabels')),
    ...(selector?.matchExpressions ?? []).flatMap((requirement, index) =>
      validateRequirement(requirement, at(under(path, 'matchExpressions'), index)),
    ),
  ];
}

function validateRequirement(
  { key, operator, values = [] }: LabelSelectorRequirement,
  path: string,
): readonly FieldError[] {
  const valuesPath = under(path, 'values');
  return [
    ...validateOperator({ operator, values }, path),
    ...checked(under(path, 'key'), key, qualifiedNameProblems),
    ...values.flatMap((value, index) => checked(at(valuesPath, index), value, labelValueProblems)),
  ];
}

function validateOperator(
  { operator, values }: { readonly operator: string; readonly values: readonly string[] },
  path: string,
): readonly FieldError[] {
  const valuesPath = under(path, 'values');
  if (operator === 'In' || operator === 'NotIn') {
    return values.length === 0 ? [required(valuesPath, "must be specified when `operator` is 'In' or 'NotIn'")] : [];
  }
  if (operator === 'Exists' || operator === 'DoesNotExist') {
    const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
    return values.length > 0 ? [forbidden(valuesPath, detail)] : [];
  }
  return [invalid(under(path, 'operator'), operator, 'not a valid selector operator')];
}

/** Whether a selector names nothing, and so would select everything. */
export const isEmptySelector = (selector: LabelSelector): boolean =>
  Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;

/** A selector as errors show it. */
export function selectorInGo({ matchLabels, matchExpressions }: LabelSelector): GoSyntax {
  const requirements = matchExpressions?.map(requirementInGo);
  const type = '[]v1.LabelSelectorRequirement';
  const expressions = requirements === undefined ? `${type}(nil)` : `${type}{${requirements.join(', ')}}`;
  return { goSyntax: `v1.LabelSelector{MatchLabels:${stringMapInGo(matchLabels)}, MatchExpressions:${expressions}}` };
}

function requirementInGo({ key, operator, values }: LabelSelectorRequirement): string {
  const texts = values === undefined ? '(nil)' : `{${values.map((value) => JSON.stringify(value)).join(', ')}}`;
  return `v1.LabelSelectorRequirement{Key:${JSON.stringify(key)}, Operator:${JSON.stringify(operator)}, Values:[]string${texts}}`;
}

/** A map of texts as errors show it; one that is missing is `map[string]string(nil)`. */
export function stringMapInGo(map: Readonly<Record<string, string>> | undefined): string {
  if (map === undefined) return 'map[string]string(nil)';
  const entries = Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[string]string{${entries.map((entry) => entry.map((text) => JSON.stringify(text)).join(':')).join(', ')}}`;
}
