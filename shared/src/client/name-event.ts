import { OnceOnlyError } from '../errors.ts';
import { bad, checkKey, type Inputs } from '../inputs.ts';
import type { Json } from '../json.ts';
import { SIGNATURE_MAX_AGE_SECONDS } from '../operations/key-from.ts';
import { inexactNumberIn, LONG_NUMBERS } from '../numbers.ts';
import { placeInGroup } from './place-in-group.ts';
import type { Operation, PlatformName } from '../operations/operation.ts';
import { fieldOf } from '../sources/content.ts';
import { deriveKeys, severalEvents, type Derived, type DeriveOptions } from '../sources/derive.ts';
import type { SourceId } from '../sources/index.ts';
import type { SigningSecrets } from '../sources/signing-secrets.ts';
import { warningOf } from '../sources/warning.ts';

/** What the key depends on besides the inputs. */
export interface Surroundings {
  readonly now: number;
  readonly platform: PlatformName;
  readonly signingSecrets?: SigningSecrets | undefined;
}

const NO_SECRETS: SigningSecrets = new Map();

/**
 * Adds the key to the inputs, unless it was entered: it is derived from the delivery, in the client, so that this works with every
 * service. For a derived key, `source` is the recognised sender, `made_from` says what the key was made from, and `warning`
 * says what a resend may change. Throws `invalid_input`, which names the field, for a delivery that has no key, has several,
 * or was not signed with the secret.
 */
export function nameEvent(
  operation: Operation,
  inputs: Inputs,
  { now, platform, signingSecrets = NO_SECRETS }: Surroundings,
): Inputs {
  const { key_from: from, job, fingerprint } = inputs;
  if (typeof from !== 'string' || from === 'value' || typeof job !== 'string') {
    const placed = placeInGroup(operation, inputs, null);
    if (placed !== inputs) checkKey(placed);
    return placed;
  }
  const derived = derive(operation, inputs, { job, ...optionsOf(inputs, now, signingSecrets) });
  if (derived.source === 'generic') refuseInexact(operation, inputs, platform);
  const [{ key, fingerprint: ofEvent }, ...more] = derived.keys;
  if (more.length > 0) {
    throw refusal(operation, 'payload', severalEvents(derived));
  }
  const content = contentOf(operation, inputs, job);
  const named: Inputs = {
    ...inputs,
    ...{
      key_from: 'value',
      headers: null,
      payload: null,
      fields: null,
      leave_out: null,
      signing_secret: null,
      require_signature: null,
      url: null,
    },
    key: key.slice(`${job}:`.length),
    fingerprint: fingerprint ?? ofEvent,
    source: derived.source,
    detected: from === 'detect',
    made_from: derived.madeFrom + (content === null ? '' : ', the version, and the whole content'),
    warning: content === null ? warningOf(derived.warnings) : warningOf(content.warnings, ID_INSTEAD),
    signature_checked: derived.signatureChecked,
  };
  const placed = placeInGroup(operation, { ...named, key_from: from }, content?.hash ?? null);
  checkKey(placed);
  return { ...placed, key_from: 'value' };
}

/** How many characters of a hash tell changes of one record within the same second apart. */
const HASH_CHARACTERS = 16;

/** The advice where no field can be left out. */
const ID_INSTEAD = (them: string): string =>
  `if a resend changes ${them}, set Key From to A value I enter, with the ID of the record`;

/**
 * A hash of the whole delivery, if chosen fields name the record and a version was entered. Otherwise null: a sender's own ID names
 * the event itself. The warnings are the paths that a resend may change.
 */
function contentOf(
  operation: Operation,
  inputs: Inputs,
  job: string,
): { readonly hash: string; readonly warnings: readonly string[] } | null {
  if ((inputs['sequence'] ?? null) === null || inputs['key_from'] !== 'fields') return null;
  const { keys, warnings } = derive(operation, inputs, { job, source: 'generic' });
  const [{ key }] = keys;
  return { hash: key.slice(key.lastIndexOf('-') + 1).slice(0, HASH_CHARACTERS), warnings };
}

/** Refuses content with inexact numbers: the platform's parser has lost their last digits, so two events could get the same key. */
function refuseInexact(operation: Operation, { payload, fields }: Inputs, platform: PlatformName): void {
  const number = inexactNumberIn(isTexts(fields) ? fields.map((path) => fieldOf(payload, path)) : payload);
  if (number === undefined) return;
  const what = `holds ${String(number)}, a number that has lost its last digits, so two events would share one key. ${LONG_NUMBERS[platform]}`;
  throw refusal(operation, 'payload', what);
}

function derive(operation: Operation, inputs: Inputs, options: DeriveOptions): Derived {
  const { payload = null, headers = null, url } = inputs;
  const given = { headers, payload, ...(typeof url === 'string' && { url }) };
  const derived = deriveKeys(given, options);
  if (!('field' in derived)) return derived;
  const { field, message } = derived;
  // A message that begins with the field's name gets the field's label instead; any other is complete.
  if (!message.startsWith(`${field} `)) throw new OnceOnlyError('invalid_input', { field, detail: message });
  throw refusal(operation, field, message.slice(field.length + 1));
}

function optionsOf(inputs: Inputs, now: number, secrets: SigningSecrets): DeriveOptions {
  const { key_from: from, source, fields, leave_out: leaveOut, signing_secret: secret } = inputs;
  const left = isTexts(leaveOut) && { leaveOut };
  if (from !== 'detect') return { source: 'generic', ...left, ...(isTexts(fields) && { fields }) };
  return {
    ...left,
    source: source as SourceId | 'detect',
    signing: {
      ...{ now, maxAgeMs: SIGNATURE_MAX_AGE_SECONDS * 1_000 },
      ...(typeof secret === 'string'
        ? { secret }
        : { secrets, isRequired: inputs['require_signature'] === true }),
    },
  };
}

const isTexts = (value: Json | undefined): value is readonly string[] => Array.isArray(value);

function refusal(operation: Operation, name: string, what: string): OnceOnlyError {
  const field = operation.fields.find(({ id }) => id === name);
  return field === undefined
    ? new OnceOnlyError('invalid_input', { field: name, detail: `“${name}” ${what}` })
    : bad(field, what);
}
