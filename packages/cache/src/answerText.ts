const moment = '@';

/** JSON of an answer, in which moments stay moments. */
export function answerText(answer: unknown): string {
  return JSON.stringify(answer, function (this: Record<string, unknown>, key: string, value: unknown) {
    const held = this[key];
    return held instanceof Date ? { [moment]: held.getTime() } : value;
  });
}

export function answerOf(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => (isMoment(value) ? new Date(value[moment]) : value));
}

function isMoment(value: unknown): value is { readonly [moment]: number } {
  return typeof value === 'object' && value !== null && moment in value && Object.keys(value).length === 1;
}
