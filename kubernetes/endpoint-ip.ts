import { invalid, type FieldError } from './field-errors.ts';
import { ipAddressProblems } from './ip-address.ts';

/** Ranges whose addresses nothing can be sent to from elsewhere. */
const special: readonly (readonly [RegExp, (text: string) => string])[] = [
  [/^(0\.0\.0\.0|[0:]+)$/, (text) => `may not be unspecified (${text})`],
  [/^(127\.|[0:]*:0*1$)/, () => 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  [/^(169\.254\.|fe[89ab][0-9a-f]:)/i, () => 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  [/^(224\.0\.0\.|ff02:)/i, () => 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
];

/** What is wrong with an address that traffic shall be sent to. */
export function validateEndpointIP(path: string, text: string): readonly FieldError[] {
  const problems = ipAddressProblems(text);
  if (problems.length > 0) return problems.map((problem) => invalid(path, text, problem));
  return special.filter(([range]) => range.test(text)).map(([, detail]) => invalid(path, text, detail(text)));
}
