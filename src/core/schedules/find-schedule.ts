/** From the words of other programs to a schedule's id. */
import { SCHEDULES, type ScheduleId } from './table';
import type { ScheduleEntry } from './schedule';
import type { Conventions } from './trained-sigmas';

/**
 * An id, a label of A1111 or Forge, or a `scheduler` of ComfyUI. The same word can mean two things: "beta" in ComfyUI is
 * not A1111's "Beta". Case does not matter.
 *
 * @param conventions whose words come first
 */
export function findSchedule(name: string, conventions: Conventions = 'a1111'): ScheduleId | undefined {
  const wanted = name.trim().toLowerCase();
  const entries = Object.entries(SCHEDULES) as [ScheduleId, ScheduleEntry][];
  const comfy = entries.find(([, { comfyName }]) => comfyName === wanted);
  const webui = entries.find(([id, { label, aliases }]) =>
    [id, label, ...aliases].some((word) => word.toLowerCase() === wanted),
  );
  const found = conventions === 'comfyui' ? (comfy ?? webui) : (webui ?? comfy);
  return found?.[0];
}
