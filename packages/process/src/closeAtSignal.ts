/** Runs `close` at the first SIGTERM or SIGINT, then ends the process: with 0, or with 1 when it failed or took longer than `patienceMs`. */
export function closeAtSignal(close: () => Promise<void>, patienceMs = 9_500): void {
  let closing = false;
  const stop = () => {
    if (closing) return;
    closing = true;
    // A close that hangs must not keep a pod for ever.
    setTimeout(() => process.exit(1), patienceMs).unref();
    void close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
