import { jsonType } from '../decode/go-json.ts';
import { isJsonObject, own, type JsonObject } from '../json-value.ts';
import { badRequest } from '../status-error.ts';

/**
 * JSON merge patch (RFC 7396): objects are merged, null removes, all else replaces. The result may share parts with the
 * arguments, which are left as they are. Throws BadRequest for a patch that is no object.
 */
export function mergePatch(document: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch))
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${jsonType(patch)} into Go value of type map[string]interface {}`,
    );
  return merged(document, patch);
}

function merged(document: unknown, patch: JsonObject): JsonObject {
  const target = isJsonObject(document) ? document : {};
  const result = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = isJsonObject(value) ? merged(own(target, key), value) : value;
  }
  return result;
}
