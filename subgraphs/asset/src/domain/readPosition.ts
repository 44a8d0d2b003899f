import { CodedError } from '@tributary/contracts/errors';
import { positionAfter } from '@tributary/data';

/** What a part of a cursor holds. */
export type PositionPart = 'text' | 'uuid' | 'time' | 'whole';
type Value = string | number | null;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const fits: Record<PositionPart, (value: Value) => boolean> = {
  text: (value) => typeof value === 'string' && !value.includes('\0'),
  uuid: (value) => typeof value === 'string' && uuid.test(value),
  time: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  whole: (value) => typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31,
};

/** Like `positionAfter`, and refuses forged cursors before PostgreSQL meets what is in them. Throws INVALID_INPUT. */
export function readPosition(list: string, after: string | null, shape: readonly PositionPart[]): Value[] | null {
  const position = positionAfter(list, after, shape.length);
  if (position?.every((value, index) => fits[shape[index]!](value)) === false) {
    throw new CodedError('INVALID_INPUT', 'This cursor is not one that this list gave out. Start again without it.', {
      field: 'after',
    });
  }
  return position;
}
