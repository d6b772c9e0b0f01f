/** The library in words. */
import type { DeviceFacts, ModelEntry, ModelLicence } from '../../../core/catalog';
import { ERROR_TEXTS, type AppError, type ErrorCode } from '../../../core/errors';
import type { Transfer } from '../../../engine/library-api';
import { transferFraction } from './transfer-fraction';
import type { AddingPlace } from './adding.svelte';
import { formatBytes, formatCountdown, formatPercent } from '../page/format';
import type { LibraryItem } from './library-items';
import { cardAddress } from './model-card';

/** "1.2 GB of 3.4 GB, 24 MB/s, 1 min 32 s left". */
export function transferText(transfer: Transfer): string {
  const { state, doneBytes, totalBytes, note, error } = transfer;
  const amount = `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`;
  switch (state) {
    case 'resolving':
      return 'Looking up its files';
    case 'downloading':
      return [amount, ...paceTexts(transfer)].join(', ');
    case 'waiting':
      return totalBytes > 0 ? `${amount}. ${note ?? ''}` : (note ?? '');
    case 'verifying':
      return `Checking ${note ?? 'its files'}: ${formatPercent(transferFraction(transfer) ?? 0)}`;
    case 'importing':
      return totalBytes > 0
        ? `Storing: ${formatPercent(transferFraction(transfer) ?? 0)}${leftText(transfer)}`
        : 'Storing';
    case 'paused':
      return totalBytes > 0 ? `Paused at ${amount}` : 'Paused';
    case 'failed':
      return error ? `${ERROR_TEXTS[error.code]} ${error.message}` : 'It did not work.';
    case 'elsewhere':
      return 'Another tab is getting it';
  }
}

/** Its numbers are weights, not bytes. */
function leftText({ secondsLeft }: Transfer): string {
  return secondsLeft === undefined ? '' : `, ${formatCountdown(secondsLeft)} left`;
}

function paceTexts({ bytesPerSecond, secondsLeft }: Transfer): string[] {
  const speed = bytesPerSecond === undefined ? [] : [`${formatBytes(bytesPerSecond)}/s`];
  return secondsLeft === undefined ? speed : [...speed, `${formatCountdown(secondsLeft)} left`];
}

/** How it is here, or what it costs to get. */
export function stateText({ entry, stored }: LibraryItem): string {
  if (stored) {
    const used = stored.lastUsedAt === undefined ? 'not used yet' : `last used ${dayText(stored.lastUsedAt)}`;
    return `${formatBytes(stored.bytes)}, ${used}`;
  }
  if (entry.source.kind === 'bundled') return `Built in, ${formatBytes(entry.downloadBytes ?? 0)}`;
  if (entry.downloadBytes === undefined) return 'The server does not say how large it is';
  const kept = entry.storedBytes === undefined ? '' : `, ${formatBytes(entry.storedBytes)} kept`;
  return `${entry.isApproximate ? 'About ' : ''}${formatBytes(entry.downloadBytes)} to download${kept}`;
}

function dayText(ms: number): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(ms);
}

export function commercialText({ commercialUse }: ModelLicence): string {
  if (commercialUse === 'forbidden') return 'no commercial use';
  return commercialUse === 'limited' ? 'commercial use with conditions' : 'commercial use allowed';
}

export function factsText(facts: DeviceFacts, freeBytes: number | undefined): string {
  const room =
    freeBytes === undefined ? '' : ` By the browser’s estimate ${formatBytes(freeBytes)} of storage are free.`;
  if (!facts.hasWebGpu) return `This browser offers no WebGPU here: models run on the CPU.${room}`;
  const half = facts.shaderF16 ? '16-bit floats' : 'no 16-bit floats';
  const name = facts.adapter === '' ? 'This GPU' : facts.adapter;
  const speed = facts.tflops === undefined ? '' : `, measured at ${speedText(facts.tflops)}`;
  return `${name}: ${half}, buffers up to ${formatBytes(facts.maxBufferBytes)}${speed}.${room}`;
}

function speedText(tflops: number): string {
  return tflops >= 0.1 ? `${tflops.toFixed(1)} TFLOPS` : `${(tflops * 1000).toPrecision(2)} GFLOPS`;
}

/** Headlines for what an address leads to: nothing was fetched yet. */
const AT_ADDRESS: Partial<Record<ErrorCode, string>> = {
  'missing-file': 'Nothing usable is there.',
  'bad-file': 'What is there cannot be read.',
  'not-allowed': 'This is not given to everybody.',
  offline: 'There is no answer.',
  'not-a-model': 'This is not a model.',
};

export function headlineAt(place: AddingPlace, { code }: Pick<AppError, 'code'>): string {
  return (place === 'address' ? AT_ADDRESS[code] : undefined) ?? ERROR_TEXTS[code];
}

export interface NextStep {
  does: 'use' | 'get' | 'wait';
  words: string;
  label: string;
}

/** What can be done with a model that was just added; undefined while it is on its way, which its row shows. */
export function nextStep({ entry, isUsable, stored, transfer }: LibraryItem): NextStep | undefined {
  if (transfer) return undefined;
  const { name, downloadBytes, source } = entry;
  if (stored?.problem) return undefined;
  if (isUsable) return { does: 'use', words: `${name} is on this computer.`, label: `Use ${name}` };
  if (source.kind === 'imported') return undefined;
  const size = downloadBytes !== undefined ? `, ${formatBytes(downloadBytes)}` : '';
  return { does: 'get', words: `${name}${size} to download`, label: `Get ${name}` };
}

/** Where it comes from, as a person knows the place. */
export function sourceText(entry: ModelEntry): { words: string; address: string | undefined } | undefined {
  const { source } = entry;
  if (source.kind === 'imported') return { words: 'imported by you', address: undefined };
  const address = cardAddress(entry) ?? ('url' in source ? source.url : undefined);
  return address === undefined
    ? undefined
    : { words: `from ${address.replace(/^https:\/\//, '').replace(/[?#].*$/, '')}`, address };
}
