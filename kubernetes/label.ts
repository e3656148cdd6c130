import { misfits, subdomainProblems } from './names.ts';

const nameText =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const valueText =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const namePattern = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const maximum = 63;

/**
 * What is wrong with `[prefix/]name`, the form of label keys, annotation keys, finalizers and taints; texts as
 * kube-apiserver's (apimachinery's IsQualifiedName).
 */
export function qualifiedNameProblems(text: string): readonly string[] {
  const parts = text.split('/', 3);
  if (parts.length > 2)
    return [`a qualified name ${nameText} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  const name = parts.at(-1) ?? '';
  return [
    ...(parts.length === 2 ? prefixProblems(parts[0] ?? '') : []),
    ...lengthProblems(name),
    ...(misfits(namePattern, name) ? [`name part ${nameText}`] : []),
  ];
}

const prefixProblems = (prefix: string): readonly string[] =>
  (prefix === '' ? ['must be non-empty'] : subdomainProblems(prefix)).map((problem) => `prefix part ${problem}`);

function lengthProblems(name: string): readonly string[] {
  if (name === '') return ['name part must be non-empty'];
  return name.length > maximum ? [`name part must be no more than ${maximum} characters`] : [];
}

/** What is wrong with the value of a label. */
export const labelValueProblems = (value: string): readonly string[] => [
  ...(value.length > maximum ? [`must be no more than ${maximum} characters`] : []),
  ...(value !== '' && misfits(namePattern, value) ? [valueText] : []),
];
