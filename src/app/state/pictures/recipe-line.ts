/** A recipe in one line, and what two recipes differ in. */
import { ADVANCED_DEFAULTS, ADVANCED_IDS, BASIC_IDS, fieldOf, type AdvancedId } from '../../../core/recipe/request';
import { advancedFacts, basicFacts, isSide, sayValue } from '../../../core/recipe/say-value';
import { formatSeconds } from '../page/format';
import type { Picture } from './picture';

/** "Seed 7 · Euler · Karras · 8 steps · CFG 4 · 64 × 64 · Starter · 0.5 s". */
export function recipeLine(picture: Picture): string {
  const { request, width, height, modelName, timings, isImported, isSheet } = picture;
  return [
    ...(isSheet ? ['X/Y/Z grid', ...sheetFacts(picture)] : basicFacts(request)),
    `${width} × ${height}`,
    ...(request.initImage === undefined
      ? []
      : [request.initMask === undefined ? 'from a picture' : 'repainted in part']),
    ...(isSheet ? [] : advancedFacts(request)),
    modelName,
    ...(isImported ? [] : [formatSeconds(timings.totalSeconds)]),
  ].join(' · ');
}

const AXIS = /^(X|Y|Z) (Type|Values)$/;

/** What a sheet varies: "X: Steps 4, 8, 12". Of its first picture alone are the settings of its request. */
export function sheetFacts({ recipe }: Pick<Picture, 'recipe'>): string[] {
  const said = recipe.unknown ?? {};
  const axes = Object.keys(said).filter((key) => AXIS.test(key) && key.endsWith('Type'));
  return axes.map((key) => `${key.slice(0, 1)}: ${said[key]} ${said[key.replace('Type', 'Values')] ?? ''}`.trim());
}

export interface Difference {
  label: string;
  values: readonly [string, string];
}

type Row = [label: string, read: (picture: Picture) => string];

const basicRow = (id: (typeof BASIC_IDS)[number]): Row => [
  fieldOf(id).label,
  ({ request }) => sayValue(id, request[id]),
];

/** One for each setting that is not the same in both. */
export function differences(a: Picture, b: Picture): Difference[] {
  const rows: Row[] = [
    ...BASIC_IDS.filter((id) => fieldOf(id).kind === 'text').map(basicRow),
    ['Model', ({ modelName }) => modelName],
    ...BASIC_IDS.filter((id) => fieldOf(id).kind !== 'text' && !isSide(id)).map(basicRow),
    [
      'Starts from',
      ({ request }) => (request.initImage === undefined ? 'noise' : `picture ${request.initImage.slice(0, 8)}`),
    ],
    ['Mask', ({ request }) => (request.initMask === undefined ? 'none' : `mask ${request.initMask.slice(0, 8)}`)],
    ['Size', ({ width, height }) => `${width} × ${height}`],
    ...ADVANCED_IDS.map((id): Row => [fieldOf(id).done ?? fieldOf(id).label, advancedValue(id)]),
    ['Computed by', ({ device }) => device.adapter],
    ['Time', ({ timings }) => formatSeconds(timings.totalSeconds)],
  ];
  return rows
    .map(([label, read]): Difference => ({ label, values: [read(a), read(b)] }))
    .filter(({ values }) => values[0] !== values[1]);
}

function advancedValue(id: AdvancedId): (picture: Picture) => string {
  return ({ request }) => sayValue(id, request[id] ?? ADVANCED_DEFAULTS[id]);
}
