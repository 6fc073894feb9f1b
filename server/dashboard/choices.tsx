import type { Outcome } from './api.ts';
import { DECISIONS } from './words.ts';

/** The three answers to what came of a key's work. */
export function Choices({ about, onChoose }: { about: string; onChoose: (outcome: Outcome) => void }) {
  return (
    <div class="choices" role="group" aria-label={`What came of ${about}?`}>
      {Object.entries(DECISIONS).map(([outcome, { button }]) => (
        <button
          type="button"
          key={outcome}
          onClick={() => {
            onChoose(outcome as Outcome);
          }}
        >
          {button}
          <span class="hidden"> for {about}</span>
        </button>
      ))}
    </div>
  );
}
