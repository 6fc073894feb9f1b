import type { Members } from './json.ts';

/*
 * A result travels as an object; text, numbers and lists as {"value": …}. IML has no literals for objects, so both
 * shapes that may be needed are laid ready in `temp` before the request is built.
 */

const ENTERED = 'parameters.result';
const AS_TEXT = `toString(ifempty(${ENTERED}, ''))`;

/** Of text and JSON alike: only an object that is not text begins so. */
const IS_OBJECT = `((${AS_TEXT} != ${ENTERED}) && (substring(${AS_TEXT}, 0, 1) == '{'))`;
const WHOLE = `if(ifempty(${ENTERED}, '') == '', undefined, if(${IS_OBJECT}, ${ENTERED}, temp.wrapped))`;

/** Four characters of base64 are three bytes: more than this is more than a result's 65,536 bytes as JSON. */
const IS_TOO_LARGE = `length(base64(toString(ifempty(${WHOLE}, '')))) > 87380`;

export const RESULT_TEMP: Members = {
  wrapped: { value: `{{${ENTERED}}}` },
  truncated: { truncated: true },
};

/** Work that is done is never left open for its result: one that is too large is left out, and its hash sent. */
export const RESULT = `if(${IS_TOO_LARGE}, temp.truncated, ${WHOLE})`;
export const RESULT_HASH = `if(${IS_TOO_LARGE}, sha256(toString(ifempty(${WHOLE}, ''))), undefined)`;
