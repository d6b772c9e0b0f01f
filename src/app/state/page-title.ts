/** The tab's title: how far the picture is, so that the tab can be left alone. */
import { formatPercent } from './page/format';
import { progressFraction, progressText } from './line/progress';
import type { Studio } from './studio.svelte';

export function pageTitle({ queue, attention }: Pick<Studio, 'queue' | 'attention'>): string {
  if (queue.failure) return 'Failed · Gesso';
  if (!queue.current && attention.unseen > 0)
    return attention.unseen === 1 ? 'Done · Gesso' : `${attention.unseen} pictures done · Gesso`;
  if (!queue.current) return 'Gesso';
  const fraction = progressFraction(queue.progress);
  const text = progressText(queue.progress);
  return fraction === undefined ? `${text} · Gesso` : `${formatPercent(fraction)} · ${text} · Gesso`;
}
