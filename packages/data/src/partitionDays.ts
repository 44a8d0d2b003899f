const dayMs = 86_400_000;

/** The UTC day of a moment, `2026-11-27`. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** The Monday of a day's week: partitions of traces begin there. */
export function mondayOf(day: string): string {
  const at = new Date(`${day}T00:00:00.000Z`);
  return dayOf(at.getTime() - ((at.getUTCDay() + 6) % 7) * dayMs);
}

/** The first day of a day's month: partitions of cells begin there. */
export function monthOf(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

/** So many days later. */
export function daysAfter(day: string, days: number): string {
  return dayOf(Date.parse(`${day}T00:00:00.000Z`) + days * dayMs);
}
