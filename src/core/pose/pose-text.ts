/** A pose in a line, as recipes and links keep it: `512x768;256 90/250 140.5!/…`, a person after each `;`, a joint after each `/`, `!` where it is hidden. */
import { MOST_PEOPLE, MOST_SIDE } from './pose-json';
import { JOINTS, type Joint, type Person, type Pose } from './skeleton';

/** Places as they are kept: in tenths of pixels. */
export const inTenths = (value: number): number => Math.round(value * 10) / 10;

export const writePoseText = ({ width, height, people }: Pose): string =>
  [`${width}x${height}`, ...people.map((person) => person.map(jointText).join('/'))].join(';');

const jointText = ({ x, y, isHidden }: Joint): string => `${inTenths(x)} ${inTenths(y)}${isHidden ? '!' : ''}`;

const SIZE = /^(\d{1,4})x(\d{1,4})$/;
const JOINT = /^(-?\d{1,5}(?:\.\d)?) (-?\d{1,5}(?:\.\d)?)(!?)$/;

/** undefined for what is no pose */
export function readPoseText(text: string): Pose | undefined {
  const [size = '', ...all] = text.split(';');
  const [, width, height] = (SIZE.exec(size) ?? []).map(Number);
  const people = all.map(readPerson);
  const isFine = [width, height].every((side) => side > 0 && side <= MOST_SIDE) && people.length <= MOST_PEOPLE;
  if (!isFine || people.some((person) => person === undefined)) return undefined;
  return { width, height, people: people.filter((person) => person !== undefined) };
}

function readPerson(text: string): Person | undefined {
  const joints = text.split('/').map((one): Joint | undefined => {
    const [, x, y, hidden] = JOINT.exec(one) ?? [];
    return x === undefined ? undefined : { x: Number(x), y: Number(y), ...(hidden === '!' && { isHidden: true }) };
  });
  const known = joints.filter((one) => one !== undefined);
  return known.length === JOINTS.length && joints.length === JOINTS.length ? known : undefined;
}
