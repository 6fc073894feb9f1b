/*
 * Whether a delivery was signed with the hook's secret, lately, as Standard Webhooks say. Make hands a webhook its body
 * parsed, never as it came: it is written again, which gives the same text, since the service writes JSON without blanks
 * and Make keeps the order of members. A delivery that fails this is answered as one that Make must not take, so that the
 * service's log of deliveries shows it.
 */

const header = (name: string): string => `ifempty(headers.\`webhook-${name}\`, '')`;

/** What attach kept. */
const SECRET = "ifempty(data.secret, '')";

/** The key in base64, behind `whsec_`. */
const KEY = `substring(${SECRET}, 6, length(${SECRET}))`;

const CONTENT = `${header('id')} + '.' + ${header('timestamp')} + '.' + createJSON(ifempty(body, ''))`;

/** Several signatures stand there while a secret is being replaced. */
const IS_SIGNED = `((substring(${SECRET}, 0, 6) == 'whsec_') && (length(${SECRET}) > 6) && contains(split(${header('signature')}, ' '), 'v1,' + sha256(${CONTENT}, 'base64', ${KEY}, 'base64')))`;

/** Five minutes, against deliveries that somebody recorded and sends again. */
const TOLERANCE_SECONDS = 300;

/** The time is read only where it was signed: it is a number then. */
const SIGNED_AT = `parseNumber(if(${IS_SIGNED}, ${header('timestamp')}, '0'))`;

export const IS_GENUINE = `(${SIGNED_AT} + ${String(TOLERANCE_SECONDS)} > parseNumber(formatDate(now, 'X')))`;
