'use client';
import { useState } from 'react';
import { Button } from './Button';
import { say } from '../words/say';

interface CopyButtonProps {
  readonly text: string;
  readonly label?: string;
}

export function CopyButton({ text, label = say('Copy') }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void copyText(text).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1_500);
    });
  };
  return (
    <Button size="small" icon={copied ? 'check' : 'copy'} onClick={copy} className="max-w-full">
      <span className="truncate">{copied ? say('Copied') : label}</span>
    </Button>
  );
}

/** Pages over plain HTTP have no clipboard of their own. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
