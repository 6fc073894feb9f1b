import { CLAIM } from './claim.ts';
import { FINISH } from './finish.ts';
import { LOCK } from './lock.ts';
import { MOMENT } from './moment.ts';
import { RECORDS } from './records.ts';
import { HOOKS, TELLING, USAGE } from './telling.ts';

/**
 * Commands on single keys (`ARGV[2]`: a JSON array, without what is null), one after the other at one time. Answers time,
 * and an answer to each in order; one that fails is answered with why, and the others are done all the same. Where this
 * is no primary, the script fails as a whole, with an error at which the client connects anew.
 */
export const COMMANDS = `${MOMENT}${RECORDS}${HOOKS}${TELLING}${USAGE}
local handlers = {}
${CLAIM}${LOCK}${FINISH}
local answers = {}
for index, command in ipairs(cjson.decode(ARGV[2])) do
  local isDone, answer = pcall(handlers[command.kind], command)
  if not isDone then
    local reason = type(answer) == 'table' and answer.err or tostring(answer)
    local readOnly = string.match(reason, 'READONLY.*')
    if readOnly then return redis.error_reply(readOnly) end
    answer = { 'unavailable', reason }
  end
  answers[index] = answer
end
finish()
return { now, answers }
`;
