/** As many events are kept. */
const most = 200;

/** A subscription's events as a log, the last one first: GraphiQL shows one answer, and would show only the last of them. */
export function logOf(events) {
  const log = [];
  let number = 0;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      const { done, value } = await events.next();
      if (done) return { done, value };
      number += 1;
      log.unshift({ event: number, at: new Date().toISOString(), ...value });
      log.length = Math.min(log.length, most);
      return { done: false, value: { events: number, log: [...log] } };
    },
    // Straight through: whoever stops does not wait for another event.
    return: (value) => events.return(value),
    throw: (error) => events.throw(error),
  };
}
