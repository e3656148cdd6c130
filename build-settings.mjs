// What all bundles have in common: one ESM file for Node, whatever it imports.
export const settings = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  banner: {
    // CommonJS packages inside an ESM bundle still call require for Node's own modules.
    js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
  },
};
