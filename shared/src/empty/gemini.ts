import { isObject, type JsonObject } from '../json.ts';
import type { ModelAnswer } from './model-answer.ts';
import { countAt, isShown, objectsIn } from './parts.ts';

/**
 * Gemini's generateContent (ai.google.dev/api/generate-content). A part with `thought` is one; a prompt that was blocked has
 * no candidates.
 */
export function readGeminiAnswer(answer: JsonObject): ModelAnswer | null {
  const { candidates, promptFeedback, usageMetadata } = answer;
  const isAnswer = Array.isArray(candidates)
    ? isObject(usageMetadata) || hasContent(candidates)
    : isObject(promptFeedback);
  if (!isAnswer) return null;
  const all = objectsIn(candidates);
  const reasoningTokens = countAt(answer, 'usageMetadata', 'thoughtsTokenCount');
  const parts = all.flatMap(({ content }) => (isObject(content) ? objectsIn(content['parts']) : []));
  return {
    visible: parts.some(
      (part) => part['thought'] !== true && ('text' in part ? isShown(part['text']) : hasMore(part)),
    ),
    cutOff: all.length > 0 && all.every((each) => each['finishReason'] === 'MAX_TOKENS'),
    reasoningTokens,
    thought: (reasoningTokens ?? 0) > 0 || parts.some((part) => part['thought'] === true),
  };
}

const hasContent = (candidates: unknown): boolean =>
  objectsIn(candidates).some((each) => 'finishReason' in each || isObject(each['content']));

/** A call of a function, a picture, code. */
const hasMore = (part: JsonObject): boolean => Object.values(part).some(isObject);
