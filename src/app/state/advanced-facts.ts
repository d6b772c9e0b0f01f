/** The advanced settings of a recipe in words: "Eta 0.5", "Emphasis mode No norm", "Zero terminal SNR". */
import { ADVANCED, type AdvancedSettings, type Setting } from '../../core/recipe/advanced';
import { ADVANCED_IDS } from '../../core/recipe/has-effect';

/** One for each that the request names. */
export function advancedFacts(request: Partial<AdvancedSettings>): string[] {
  return ADVANCED_IDS.flatMap((id) => {
    const setting: Setting = ADVANCED[id];
    const value = request[id];
    if (value === undefined) return [];
    if (setting.kind === 'number') return [`${setting.label} ${value}`];
    if (setting.kind === 'flag') return [value === true ? setting.label : `${setting.label} off`];
    const choice = setting.choices[String(value)];
    return [`${setting.label} ${choice?.label ?? value}`];
  });
}
