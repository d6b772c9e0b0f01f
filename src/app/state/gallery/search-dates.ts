/** Dates as they are searched for: a day, a month, a year, from one to another, today, yesterday. By the clock of this computer. */

/** Milliseconds since 1970: from, and before. */
export interface Dates {
  from: number;
  to: number;
}

/** "2026-11-25", "2026-11", "2026", "2026-11-01..2026-11-05", "..2025", "today", "yesterday". Undefined where it is none. */
export function readDates(text: string, now: Date): Dates | undefined {
  if (!text.includes('..')) return readOne(text, now);
  const [begin = '', end = ''] = text.split('..');
  const [from, to] = [begin, end].map((part) => (part === '' ? undefined : readOne(part, now)));
  if ((begin !== '' && !from) || (end !== '' && !to) || (!from && !to)) return undefined;
  return { from: from?.from ?? -Infinity, to: to?.to ?? Infinity };
}

function readOne(text: string, now: Date): Dates | undefined {
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
  if (text === 'today') return dayAt(year, month, day);
  if (text === 'yesterday') return dayAt(year, month, day - 1);
  const [, y, m, d] = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(text) ?? [];
  if (y === undefined) return undefined;
  if (m === undefined) return { from: +new Date(+y, 0, 1), to: +new Date(+y + 1, 0, 1) };
  if (d === undefined) return { from: +new Date(+y, +m - 1, 1), to: +new Date(+y, +m, 1) };
  return dayAt(+y, +m - 1, +d);
}

/** Days begin at midnight here, and are not always of 24 hours. */
export function dayAt(year: number, month: number, day: number): Dates {
  return { from: +new Date(year, month, day), to: +new Date(year, month, day + 1) };
}
