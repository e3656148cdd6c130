const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const label1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

export const lengthProblems = (value: string, maximum: number): readonly string[] =>
  value.length > maximum ? [`must be no more than ${maximum} characters`] : [];

/** Far above what any name may have. A pattern takes its time for each character. */
const maximumTested = 1024;

/** Whether a text is wrong by a pattern. Of one that is far too long only the length is to be told. */
export const misfits = (pattern: RegExp, text: string): boolean => text.length <= maximumTested && !pattern.test(text);

/** A value that must match a pattern and be no longer than `maximum`; both problems are told, the length first. */
const rule =
  (pattern: RegExp, maximum: number, text: string) =>
  (value: string): readonly string[] => [...lengthProblems(value, maximum), ...(misfits(pattern, value) ? [text] : [])];

/** What is wrong with a DNS-1123 subdomain, the rule for most names; texts as kube-apiserver's (apimachinery/validation). */
export const subdomainProblems = rule(
  subdomain,
  253,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
);

/** A DNS-1123 label: names of namespaces, containers, volumes. */
export const labelProblems = rule(
  label,
  63,
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
);

/** A DNS-1035 label: names of Services. */
export const label1035Problems = rule(
  label1035,
  63,
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
);

/** Of names that Kubernetes does not limit, in UTF-8: with a namespace and a resource they fit a sort key of DynamoDB. */
const longestSegmentBytes = 512;
const encoder = new TextEncoder();

/** Events and roles may be called anything that can stand in a path. */
export const pathSegmentProblems = (value: string): readonly string[] => [
  ...(encoder.encode(value).length > longestSegmentBytes ? [`must be no more than ${longestSegmentBytes} bytes`] : []),
  ...(value === '.' || value === '..' ? [`may not be '${value}'`] : []),
  ...['/', '%'].filter((each) => value.includes(each)).map((each) => `may not contain '${each}'`),
];

const configMapKey = rule(
  /^[-._a-zA-Z0-9]+$/,
  253,
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
);

/** A key of a ConfigMap or Secret, which may become the name of a file. */
export const configMapKeyProblems = (value: string): readonly string[] => [
  ...configMapKey(value),
  ...(value === '.' || value === '..' ? [`must not be '${value}'`] : []),
  ...(/^\.\../.test(value) ? ["must not start with '..'"] : []),
];
