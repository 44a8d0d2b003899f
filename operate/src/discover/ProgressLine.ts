const width = 24;

/** How far a discovery is: one line that is drawn anew on a terminal, else a line for each phase. */
export class ProgressLine {
  private shown = '';

  constructor(private readonly out: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>) {}

  /** `progress`: 0 to 1. `doing`: what is done just now. */
  show(progress: number, doing: string): void {
    const percent = `${Math.round(progress * 100)} %`.padStart(5);
    if (this.out.isTTY) {
      const done = Math.round(progress * width);
      const line = `${'█'.repeat(done)}${'░'.repeat(width - done)} ${percent}  ${doing}`;
      this.out.write(`\r${line.padEnd(this.shown.length)}`);
      this.shown = line;
    } else if (doing !== this.shown) {
      this.out.write(`${percent}  ${doing}\n`);
      this.shown = doing;
    }
  }

  /** Leaves the line to what is written next. */
  end(): void {
    if (this.out.isTTY && this.shown !== '') this.out.write('\n');
    this.shown = '';
  }
}
