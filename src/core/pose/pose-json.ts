/**
 * Poses as files: OpenPose's JSON, as sd-webui-controlnet and its pose editor write and read it, ComfyUI's list of such, and the older editor's own.
 *
 * @see sd-webui-controlnet annotator/openpose/__init__.py (decode_json_as_poses); huchenlei/sd-webui-openpose-editor; fkunn1326/openpose-editor saveJSON;
 * OpenPose doc/02_output.md
 */
import { AppError } from '../errors';
import { JOINTS, type Joint, type Person, type Pose } from './skeleton';

/** People of one pose, and pixels of a side. */
export const [MOST_PEOPLE, MOST_SIDE] = [20, 8192];

/** Hidden joints keep their places and are worth 0; OpenPose has none for them. */
export function writePoseJson({ width, height, people }: Pose): string {
  const all = people.map((person) => ({
    pose_keypoints_2d: person.flatMap(({ x, y, isHidden }) => [x, y, isHidden ? 0 : 1]),
    face_keypoints_2d: null,
    hand_left_keypoints_2d: null,
    hand_right_keypoints_2d: null,
  }));
  return JSON.stringify({ people: all, canvas_height: height, canvas_width: width }, undefined, 2);
}

export interface ReadPose {
  pose: Pose;
  /** What of it is left out, in sentences. */
  notes: readonly string[];
}

/** @param size  of the picture, where the file does not say one @throws AppError 'bad-file' with a sentence */
export function readPoseJson(text: string, size: { width: number; height: number }): ReadPose {
  const root = parsed(text);
  const { canvas_width: cw, canvas_height: ch, width: w, height: h, people, keypoints } = root;
  const own = { width: sideOf(cw ?? w) ?? size.width, height: sideOf(ch ?? h) ?? size.height };
  if (Array.isArray(keypoints)) return { pose: { ...own, people: checked(inEighteens(keypoints)) }, notes: [] };
  if (!Array.isArray(people))
    throw new AppError('bad-file', 'This file holds no pose: it has neither "people" nor "keypoints".');
  const all = people.map((one) => objectOf(one));
  const bodies = all.flatMap(({ pose_keypoints_2d: numbers }) =>
    Array.isArray(numbers) && numbers.length > 0 ? [personOf(numbers)] : [],
  );
  const hasMore = all.some((one) =>
    ['face_keypoints_2d', 'hand_left_keypoints_2d', 'hand_right_keypoints_2d'].some((part) => {
      const numbers = one[part];
      return Array.isArray(numbers) && numbers.some((value) => value !== 0);
    }),
  );
  return {
    pose: { ...own, people: checked(inPixels(bodies, own)) },
    notes: hasMore ? ['Hands and faces of the file are left out: bodies alone are drawn here.'] : [],
  };
}

type Fields = Readonly<Record<string, unknown>>;

const objectOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

/** ComfyUI writes a list of pictures: the first is taken. */
function parsed(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('bad-file', 'This file is no JSON, and so no pose.', { cause });
  }
  return objectOf(Array.isArray(value) ? value[0] : value);
}

function sideOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MOST_SIDE ? value : undefined;
}

/** x, y and how sure, joint by joint: 18 of ControlNet, or 25 of OpenPose's newer body, of which 18 are taken. */
function personOf(numbers: readonly unknown[]): Person {
  if (numbers.some((value) => typeof value !== 'number' || !Number.isFinite(value)))
    throw new AppError('bad-file', 'A person of this file has something else than numbers among its joints.');
  const values = numbers as readonly number[];
  const joint = (i: number): Joint => {
    const [x, y, sure] = values.slice(3 * i, 3 * i + 3);
    return { x, y, ...(sure === 0 && { isHidden: true as const }) };
  };
  if (values.length === 3 * JOINTS.length) return JOINTS.map((_, i) => joint(i));
  if (values.length === 3 * BODY_25_JOINTS) return FROM_BODY_25.map(joint);
  throw new AppError(
    'bad-file',
    `A person of this file has ${values.length / 3} joints; ${JOINTS.length} of ControlNet or ${BODY_25_JOINTS} of OpenPose are read.`,
  );
}

const BODY_25_JOINTS = 25;
/** Joints of BODY_25 without the middle of the hips, and without feet. */
const FROM_BODY_25 = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18];

function inEighteens(points: readonly unknown[]): Person[] {
  const joints = points.map((point): Joint => {
    const [x, y] = Array.isArray(point) ? (point as unknown[]) : [];
    if (typeof x !== 'number' || typeof y !== 'number' || !Number.isFinite(x + y))
      throw new AppError('bad-file', 'A joint of this file has no place.');
    return { x, y };
  });
  if (joints.length === 0 || joints.length % JOINTS.length !== 0)
    throw new AppError('bad-file', `This file has ${joints.length} joints, which are no people of ${JOINTS.length}.`);
  return Array.from({ length: joints.length / JOINTS.length }, (_, i) =>
    joints.slice(i * JOINTS.length, (i + 1) * JOINTS.length),
  );
}

/** Some files have parts of the sides, 0…1. */
function inPixels(people: readonly Person[], { width, height }: { width: number; height: number }): Person[] {
  const areParts = people.every((person) => person.every(({ x, y }) => Math.max(x, y) <= 1));
  return areParts
    ? people.map((person) => person.map((one) => ({ ...one, x: one.x * width, y: one.y * height })))
    : [...people];
}

function checked(people: readonly Person[]): readonly Person[] {
  if (people.length > MOST_PEOPLE)
    throw new AppError('bad-file', `This file has ${people.length} people; ${MOST_PEOPLE} are read.`);
  return people;
}
