'use client';
import { useRef, useState, type DragEvent, type FormEvent } from 'react';
import { StartDiscovery } from '../../graph/generated/operations';
import { sentenceOf } from '../../graph/sentenceOf';
import { useAction } from '../../graph/useGraph';
import { useGo } from '../../host/navigation';
import { PageHeader } from '../../parts/PageHeader';
import { useMay } from '../../session/Permissions';
import { useSession } from '../../session/SessionProvider';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { classes } from '../../ui/classes';
import { textOf } from '../../ui/textOf';
import { Checkbox, Field, Input, Textarea } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { Progress } from '../../ui/Progress';
import { Empty } from '../../ui/states';
import { bytes, duration } from '../../words/format';
import { say } from '../../words/say';
import { sniff, type Sniffed } from './sniff';
import { upload, type UploadProgress } from './upload';
import { UploadList } from './UploadList';

const headBytes = 64 * 1_024;
const mostBytes = 200 * 1_024 * 1_024;

export function DiscoverPage() {
  const may = useMay('flow.start') && useMay('upload.create');
  const [file, setFile] = useState<File | null>(null);
  const [seen, setSeen] = useState<Sniffed | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const take = async (chosen: File | undefined) => {
    if (!chosen) return;
    if (chosen.size === 0) return setProblem(say('{name} is empty.', { name: chosen.name }));
    if (chosen.size > mostBytes)
      return setProblem(
        say('{name} has {size}; 200 MB is the most. Split it.', { name: chosen.name, size: bytes(chosen.size) }),
      );
    setProblem(null);
    setSeen(sniff(chosen.name, new Uint8Array(await chosen.slice(0, headBytes).arrayBuffer())));
    setFile(chosen);
  };
  if (!may) {
    return (
      <>
        <PageHeader title={say('New discovery')} />
        <Empty icon="shield" title={say('Your role may look, and start nothing')}>
          {say('Ask an owner or admin of the workspace for the role operator.')}
        </Empty>
        <UploadList />
      </>
    );
  }
  return (
    <div className={classes('mx-auto', file ? 'max-w-3xl' : 'max-w-5xl')}>
      <PageHeader
        title={say('New discovery')}
        about={say('From an export of your estate to assets and what depends on what.')}
      />
      {!file || !seen ? (
        <div className="grid gap-4">
          <Drop onFile={(chosen) => void take(chosen)} problem={problem} />
          <UploadList />
        </div>
      ) : (
        <Start file={file} seen={seen} onBack={() => setFile(null)} />
      )}
    </div>
  );
}

function Drop({
  onFile,
  problem,
}: {
  readonly onFile: (file: File | undefined) => void;
  readonly problem: string | null;
}) {
  const picker = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [text, setText] = useState('');
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFile(event.dataTransfer.files[0]);
  };
  return (
    <div className="grid gap-4">
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={classes(
          'grid place-items-center gap-3 rounded-xl border-2 border-dashed px-6 py-14 text-center',
          over ? 'border-accent bg-accent-wash' : 'border-line-strong bg-surface',
        )}
      >
        <Icon name="upload" className="size-8 text-accent" />
        <p className="font-medium">{say('Drop a file here')}</p>
        <p className="max-w-md text-sm text-soft">
          {say(
            'CSV, JSON, YAML, XML or a workbook, packed with gzip or ZIP or not, up to 200 MB: an export of a CMDB, a cloud account, a monitoring system. Its format is found out from what is in it.',
          )}
        </p>
        <Button variant="primary" icon="fileText" onClick={() => picker.current?.click()}>
          {say('Choose a file')}
        </Button>
        <input
          ref={picker}
          type="file"
          className="sr-only"
          tabIndex={-1}
          aria-label={say('File of the source')}
          onChange={(event) => onFile(event.target.files?.[0])}
        />
        {problem && (
          <p role="alert" className="text-sm text-bad">
            {problem}
          </p>
        )}
      </div>
      <details className="rounded-lg border border-line bg-surface px-4 py-3">
        <summary className="text-sm font-medium">{say('Or paste a table')}</summary>
        <div className="mt-3 grid gap-3">
          <Field label={say('Rows with a header')}>
            {({ id }) => (
              <Textarea
                id={id}
                rows={6}
                className="font-mono text-xs"
                value={text}
                placeholder={'name,ip,runs on\nshop,10.0.0.9,web-01'}
                onChange={(event) => setText(event.target.value)}
              />
            )}
          </Field>
          <div>
            <Button disabled={text.trim() === ''} onClick={() => onFile(new File([text], 'pasted.csv'))}>
              {say('Go on')}
            </Button>
          </div>
        </div>
      </details>
    </div>
  );
}

interface StartProps {
  readonly file: File;
  readonly seen: Sniffed;
  readonly onBack: () => void;
}

function Start({ file, seen, onBack }: StartProps) {
  const session = useSession();
  const go = useGo();
  const [progress, setProgress] = useState<UploadProgress | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const abort = useRef<AbortController | null>(null);
  /** The file is at the server: a start that is refused does not send it again. */
  const sent = useRef<string | null>(null);
  const start = useAction(StartDiscovery, {
    refreshes: ['Flows', 'Home', 'Uploads'],
    onDone: (data) => {
      const id = data.startDiscovery?.flow.id;
      if (id) go('flow', { id: String(id) });
    },
    onRefused: (refusal) => {
      // One that nobody used for a day is gone.
      if (refusal.code === 'RESOURCE_NOT_FOUND') sent.current = null;
      setProgress(null);
      setProblem(sentenceOf(refusal));
      return true;
    },
  });
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const controller = new AbortController();
    abort.current = controller;
    setProblem(null);
    setProgress({ sent: 0, total: file.size, bytesPerSecond: 0 });
    try {
      sent.current ??= await upload({
        file,
        token: await session.token(),
        onProgress: setProgress,
        signal: controller.signal,
      });
      start.mutate({
        input: {
          name: textOf(form, 'name'),
          requireApproval: form.get('approval') === 'on',
          source: { name: file.name, format: 'AUTO', uploadId: sent.current },
        },
      });
    } catch (error) {
      setProgress(null);
      if (!controller.signal.aborted) setProblem(sentenceOf(error));
    }
  };
  const busy = progress !== null || start.isPending;
  const left =
    progress && progress.bytesPerSecond > 0
      ? ((progress.total - progress.sent) / progress.bytesPerSecond) * 1_000
      : null;
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <Card title={file.name} aside={bytes(file.size)}>
        <p className="mb-3 text-sm text-soft">{seen.about}</p>
        {seen.rows.length > 0 && (
          <div
            className="overflow-x-auto rounded-md border border-line"
            tabIndex={0}
            role="region"
            aria-label={say('First rows')}
          >
            <table className="w-full text-left text-xs">
              {seen.header.length > 0 && (
                <thead className="bg-sunken">
                  <tr>
                    {seen.header.map((name, index) => (
                      <th key={index} className="px-2 py-1.5 font-medium whitespace-nowrap">
                        {name}
                      </th>
                    ))}
                  </tr>
                </thead>
              )}
              <tbody>
                {seen.rows.map((row, index) => (
                  <tr key={index} className="border-t border-line">
                    {row.map((cell, at) => (
                      <td key={at} className="max-w-52 truncate px-2 py-1 whitespace-nowrap" title={cell}>
                        {cell}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Card>
      <Card title={say('The discovery')}>
        <div className="grid gap-4">
          <Field label={say('Name')} problem={problem}>
            {({ id, describedBy }) => (
              <Input
                id={id}
                name="name"
                required
                maxLength={200}
                defaultValue={nameOf(file.name)}
                aria-describedby={describedBy}
                disabled={busy}
              />
            )}
          </Field>
          <Checkbox
            name="approval"
            disabled={busy}
            label={
              <>
                {say('Let me look before anything is written')}
                <span className="block text-xs text-faint">
                  {say('It stops when the columns are understood, and shows each with what it would become.')}
                </span>
              </>
            }
          />
          {progress && (
            <div>
              <Progress value={progress.total === 0 ? 1 : progress.sent / progress.total} label={say('Upload')} />
              <p role="status" className="nums mt-1 text-xs text-soft">
                {say('{sent} of {total}', { sent: bytes(progress.sent), total: bytes(progress.total) })}
                {progress.bytesPerSecond > 0 && `, ${bytes(progress.bytesPerSecond)}/s`}
                {left !== null && left > 1_000 && `, ${say('{left} left', { left: duration(left) })}`}
              </p>
            </div>
          )}
          <div className="flex flex-wrap justify-end gap-2">
            {busy ? (
              <Button
                onClick={() => {
                  abort.current?.abort();
                  setProgress(null);
                }}
              >
                {say('Cancel the upload')}
              </Button>
            ) : (
              <Button onClick={onBack}>{say('Another file')}</Button>
            )}
            <Button type="submit" variant="primary" icon="play" busy={busy}>
              {say('Start')}
            </Button>
          </div>
        </div>
      </Card>
    </form>
  );
}

/** "cmdb_export-2026.csv.gz" → "Cmdb export 2026". */
function nameOf(file: string): string {
  const words = file
    .replace(/(\.(csv|tsv|txt|json|jsonl|ndjson|ya?ml|xml|gz))+$/i, '')
    .replace(/[_\-.]+/g, ' ')
    .trim();
  return (words.charAt(0).toUpperCase() + words.slice(1)).slice(0, 200) || say('Discovery');
}
