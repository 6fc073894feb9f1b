import type { KeyItem } from './answers.ts';
import { Moment, Pill } from './parts.tsx';
import { hrefOf } from './route.ts';
import { Where } from './where.tsx';
import { standing } from './words.ts';

/** Keys with how they stand; on a narrow screen without what their own page says as well. */
export function KeyTable({ items }: { items: readonly KeyItem[] }) {
  return (
    <table class="keys">
      <caption class="hidden">Keys. This table updates itself.</caption>
      <thead>
        <tr>
          <th scope="col">Key</th>
          <th scope="col">Status</th>
          <th scope="col" class="wide">
            Attempt
          </th>
          <th scope="col" class="wide">
            Where
          </th>
          <th scope="col" class="wide">
            Claimed
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => {
          const { label, tone } = standing(item);
          return (
            <tr key={item.key}>
              <th scope="row">
                <a class="key" href={hrefOf({ page: 'key', key: item.key })}>
                  {item.key}
                </a>
              </th>
              <td>
                <Pill tone={tone}>{label}</Pill>
              </td>
              <td class="wide">{item.attempt}</td>
              <td class="wide run">
                <Where of={item} />
              </td>
              <td class="wide when">
                <Moment at={item.claimed_at} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
