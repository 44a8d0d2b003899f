import type { Duplex } from 'node:stream';

/**
 * Holds back what is written to connections until the end of the turn, and then hands all of it to the kernel in one go. In a fan-out that
 * makes the work for each watcher and the system calls two passes instead of thousands of changes between them.
 */
export class JointWrites {
  private held: Duplex[] = [];

  /** Holds this connection back, whatever is written to it, until the end of the turn. */
  hold(connection: Duplex): void {
    connection.cork();
    if (this.held.push(connection) === 1) process.nextTick(this.letGo);
  }

  private readonly letGo = (): void => {
    const { held } = this;
    this.held = [];
    for (const connection of held) connection.uncork();
  };
}
