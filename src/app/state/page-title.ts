/** The tab's title: how far the picture is, so that the tab can be left alone. */
import { formatPercent } from './format';
import { progressFraction, progressText } from './progress';
import type { Studio } from './studio.svelte';

export function pageTitle({ queue }: Pick<Studio, 'queue'>): string {
  if (queue.failure) return 'Failed · Gesso';
  if (!queue.current) return 'Gesso';
  const fraction = progressFraction(queue.progress);
  const text = progressText(queue.progress);
  return fraction === undefined ? `${text} · Gesso` : `${formatPercent(fraction)} · ${text} · Gesso`;
}
