import type { Name } from './contenders.ts';

/** What one contender did in one round of one case. */
export interface Sample {
  readonly what: string;
  readonly connections: number;
  readonly name: Name;
  readonly round: number;
  /** Claims. */
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the server's process, a claim. */
  readonly cpuUs: number;
}

type Figure = 'perSecond' | 'p50Ms' | 'p99Ms' | 'cpuUs';
export type Place = Pick<Sample, 'what' | 'connections' | 'name'>;

/** Medians over the rounds. */
export interface Figures {
  readonly places: readonly Place[];
  of(place: Place, figure: Figure): number;
  /** The median of each round's own ratio, since a round's both sides had the machine in the same mood. */
  ratio(above: Place, below: Place, figure: Figure): number;
}

export function figuresOf(samples: readonly Sample[]): Figures {
  const at = (place: Place): readonly Sample[] =>
    samples.filter(
      ({ what, connections, name }) =>
        what === place.what && connections === place.connections && name === place.name,
    );
  return {
    places: samples.filter(({ round }) => round === 0),
    of: (place, figure) => medianOf(at(place).map((sample) => sample[figure])),
    ratio: (above, below, figure) => {
      const divisors = at(below);
      return medianOf(at(above).map((sample, round) => sample[figure] / (divisors[round]?.[figure] ?? NaN)));
    },
  };
}

export const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
