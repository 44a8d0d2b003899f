import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { SourceError } from '../../sourceErrors.js';
import { sourceLimits } from '../../sourceLimits.js';

/** Bytes of a member, with how many bytes of the archive they were packed in. */
export interface MemberChunk {
  readonly bytes: Buffer;
  /** Of the member so far, unpacked. */
  readonly unpacked: number;
}

/** A ZIP archive on disk. Reads members one at a time and refuses what unpacks to more than it may. */
export class ZipArchive implements AsyncDisposable {
  private unpackedBytes = 0;

  private constructor(
    private readonly file: ZipFile,
    readonly members: readonly Entry[],
  ) {}

  /** Throws SourceError for archives that are damaged, encrypted or too large. */
  static async open(path: string): Promise<ZipArchive> {
    let file: ZipFile | null = null;
    try {
      file = await openPromise(path, { autoClose: false, validateEntrySizes: true });
      const members: Entry[] = [];
      for await (const entry of file.eachEntry()) {
        members.push(entry);
        if (members.length > sourceLimits.archiveDirectory) throw tooMany(members.length);
      }
      refuse(members, file);
      return new ZipArchive(file, members);
    } catch (error) {
      file?.close();
      if (error instanceof SourceError) throw error;
      throw damaged();
    }
  }

  find(name: string): Entry | null {
    return this.members.find(({ fileName }) => fileName.toLowerCase() === name.toLowerCase()) ?? null;
  }

  /** Leaving the loop early closes the member. */
  async *read(member: Entry): AsyncGenerator<MemberChunk> {
    let unpacked = 0;
    let stream: Awaited<ReturnType<ZipFile['openReadStreamPromise']>>;
    try {
      stream = await this.file.openReadStreamPromise(member);
    } catch {
      throw damaged();
    }
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        unpacked += chunk.length;
        this.unpackedBytes += chunk.length;
        yield { bytes: chunk, unpacked };
      }
    } catch (error) {
      if (error instanceof SourceError || !isZipFault(error)) throw error;
      throw damaged();
    } finally {
      stream.destroy();
    }
  }

  /** A member that is small enough to be held: null when there is none of that name. */
  async text(name: string): Promise<string | null> {
    const member = this.find(name);
    if (member === null) return null;
    if (member.uncompressedSize > sourceLimits.workbookPart) {
      const most = Math.round(sourceLimits.workbookPart / 1_048_576);
      throw new SourceError('ARCHIVE_TOO_LARGE', `${name} of the workbook has more than ${most} MB.`);
    }
    const parts: Buffer[] = [];
    for await (const { bytes } of this.read(member)) parts.push(bytes);
    return Buffer.concat(parts).toString('utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.file.close();
  }
}

function refuse(members: readonly Entry[], file: ZipFile): void {
  if (members.some((member) => member.isEncrypted())) {
    throw new SourceError('ENCRYPTED_SOURCE', 'The archive is protected by a password. Upload it without one.');
  }
  const files = members.filter(({ fileName }) => !fileName.endsWith('/'));
  const unpacked = files.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  const packed = files.reduce((sum, { compressedSize }) => sum + compressedSize, 0);
  const ratio = unpacked / Math.max(packed, 65_536);
  if (unpacked > sourceLimits.unpackedBytes || ratio > sourceLimits.unpackedRatio) {
    throw new SourceError(
      'ARCHIVE_TOO_LARGE',
      'The archive unpacks to far more than it should. Upload the file that is in it as it is.',
    );
  }
  // Members that lie over each other unpack to more than the archive has: a bomb that no ratio of one member shows.
  if (packed > file.fileSize) throw damaged();
}

function tooMany(count: number): SourceError {
  return new SourceError(
    'ARCHIVE_TOO_LARGE',
    `The archive has more than ${count - 1} members. Upload the files that matter in an archive of their own.`,
  );
}

function damaged(): SourceError {
  return new SourceError('TRUNCATED_SOURCE', 'The ZIP archive is damaged or not complete. Pack or upload it again.');
}

/** What zlib and yauzl say of bytes, against what a disk says. */
function isZipFault(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return !/^E[A-Z]+$/.test(code);
}
