/** What the GPU's self-test found, in words. */
import type { Ability, AbilityReport, DeviceExamination } from '../../../engine/api';
import { formatSeconds } from '../page/format';

const NAMES: Record<Ability, string> = {
  fullPrecision: 'Full precision',
  halfPrecision: 'Half precision',
  fastAttention: 'Fast attention',
  packedMatrices: 'Weights in 8 or 4 bits',
};

/** What is done where the GPU lacks an ability. */
const INSTEAD: Partial<Record<Ability, string>> = {
  halfPrecision: 'Models are computed in full precision.',
  packedMatrices: 'Models that are stored in 8 or 4 bits are widened when they are loaded, which takes more memory.',
};

/** "Half precision: exact. Fast attention: off, wrong by 4 % on this GPU." */
export function examinationText({ abilities, isUnfinished = false }: DeviceExamination): string {
  return textOf(Object.entries(abilities) as [Ability, AbilityReport][], isUnfinished);
}

/** What is left out because it came out wrong; empty where all is well. */
export function leftOutText({ abilities }: DeviceExamination): string {
  const all = Object.entries(abilities) as [Ability, AbilityReport][];
  return textOf(all.filter(([, { found }]) => found === 'wrong' || found === 'failed'));
}

function textOf(reports: readonly [Ability, AbilityReport][], isUnfinished = false): string {
  const later = 'tested when a model needs it, or in a moment while nothing is made.';
  return reports
    .map(([ability, report]) =>
      isUnfinished && report.found === 'untested'
        ? `${NAMES[ability]}: ${later}`
        : `${NAMES[ability]}: ${abilityText(report)}${insteadText(ability, report)}`,
    )
    .join(' ');
}

function abilityText({ isUsed, found, error = 0, operator, failure }: AbilityReport): string {
  switch (found) {
    case 'right':
      return 'exact.';
    case 'absent':
      return 'this GPU has none.';
    case 'wrong':
      return `${isUsed ? '' : 'off, '}wrong by ${wrongText(error)} on this GPU${where(operator)}.`;
    case 'failed':
      return `off, it failed on this GPU${where(operator)}${failure ? `: ${sentence(failure)}` : '.'}`;
    case 'untested':
      return 'off, not tested.';
  }
}

function wrongText(error: number): string {
  if (error > 10) return 'far';
  return `${error < 0.01 ? (error * 100).toPrecision(1) : Math.round(error * 100)} %`;
}

const where = (operator: string | undefined): string => (operator ? ` (${operator})` : '');

/** The runtime's words may be a page long. */
function sentence(words: string): string {
  const [first] = words.split('\n');
  return `${first.length > 160 ? `${first.slice(0, 160)} …` : first.replace(/\.$/, '')}.`;
}

const insteadText = (ability: Ability, { isUsed, found }: AbilityReport): string =>
  isUsed || found === 'absent' || !INSTEAD[ability] ? '' : ` ${INSTEAD[ability]}`;

/** "Tested on 25 Nov 2026 in 1.4 s." */
export function testedText({ at, seconds }: DeviceExamination): string {
  const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(at);
  return `Tested on ${day} in ${formatSeconds(seconds)}.`;
}
