/** Pictures by the day they were made on, as headings of the gallery. */
import { dayAt } from './search-dates';

export interface Group {
  /** "Today", "Tuesday, 24 November 2026"; empty: no heading. */
  label: string;
  /** First and behind the last. */
  from: number;
  to: number;
}

/** @param pictures  in the order of their days, either way */
export function dayGroups(pictures: readonly { madeAt: number }[], now: Date = new Date()): Group[] {
  const groups: Group[] = [];
  let day = { from: Infinity, to: -Infinity };
  for (const [i, { madeAt }] of pictures.entries()) {
    if (madeAt >= day.from && madeAt < day.to) continue;
    const date = new Date(madeAt);
    day = dayAt(date.getFullYear(), date.getMonth(), date.getDate());
    const last = groups.at(-1);
    if (last) last.to = i;
    groups.push({ label: dayLabel(date, now), from: i, to: pictures.length });
  }
  return groups;
}

const FORMAT = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });

function dayLabel(date: Date, now: Date): string {
  const today = dayAt(now.getFullYear(), now.getMonth(), now.getDate());
  if (+date >= today.from && +date < today.to) return 'Today';
  const yesterday = dayAt(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  return +date >= yesterday.from && +date < yesterday.to ? 'Yesterday' : FORMAT.format(date);
}
