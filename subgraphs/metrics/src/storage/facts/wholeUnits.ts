const slotMs = 5 * 60_000;
const hourMs = 12 * slotMs;
const dayMs = 86_400_000;

/** The whole UTC slots of five minutes, hours and days of from ≤ t < to. Of a range that holds none, both ends are the same. */
export interface WholeUnits {
  readonly firstSlot: Date;
  readonly endOfSlots: Date;
  readonly firstHour: Date;
  readonly endOfHours: Date;
  readonly firstDay: Date;
  readonly endOfDays: Date;
}

export function wholeUnits({ from, to }: { readonly from: Date; readonly to: Date }): WholeUnits {
  const [firstSlot, endOfSlots] = within(from, to, slotMs);
  const [firstHour, endOfHours] = within(from, to, hourMs);
  const [firstDay, endOfDays] = within(from, to, dayMs);
  return { firstSlot, endOfSlots, firstHour, endOfHours, firstDay, endOfDays };
}

function within(from: Date, to: Date, unitMs: number): [Date, Date] {
  const first = Math.ceil(from.getTime() / unitMs) * unitMs;
  const end = Math.floor(to.getTime() / unitMs) * unitMs;
  return [new Date(first), new Date(Math.max(first, end))];
}
