/** Numbers as people read them: seconds, bytes, percent. */

/** "0.4 s", "12 s", "2 min 5 s". @param seconds 0 or more */
export function formatSeconds(seconds: number): string {
  return seconds < 9.95 ? `${seconds.toFixed(1)} s` : formatCountdown(seconds - 0.5);
}

/** Whole seconds, rounded up, never below 1: "12 s", "1 min 5 s", "1 h 12 min". */
export function formatCountdown(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** An estimate, no finer than it can be trusted: "45 s", "18 min", "2 h". */
export function formatEstimate(seconds: number): string {
  if (seconds < 90) return formatCountdown(seconds);
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Decimal units: "24.5 MB", "1.2 GB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const text = unit === 0 || value >= 99.95 ? value.toFixed(0) : value.toFixed(1);
  return `${text} ${UNITS[unit] ?? 'B'}`;
}

/** @param fraction 0…1 */
export function formatPercent(fraction: number): string {
  return `${Math.floor(fraction * 100)} %`;
}
