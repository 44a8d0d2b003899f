/** What a text is written in, by its beginning: what is none of the others is a table. */
export function findFormat(head: string): 'CSV' | 'JSON' | 'YAML' | 'XML' {
  const start = head.replace(/^[\ufeff\s]+/, '');
  if (/^(\)\]\}'?,?\s*)?(\{|\[\s*([[{"\]\d-]|\/[/*])|\/[/*])/.test(start) && !/^\{\{/.test(start)) return 'JSON';
  if (/^<(\?xml|!doctype(?!\s+html)|[a-z_][\w:.-]*[\s>/])/i.test(start) && !/^<(!doctype\s+html|html)/i.test(start))
    return 'XML';
  return looksLikeYaml(start) ? 'YAML' : 'CSV';
}

/** A document mark, or lines of which most are `key: value`, list items or deeper, and in which no character divides columns. */
function looksLikeYaml(start: string): boolean {
  if (/^(%YAML|---\s*(\r?\n|$))/.test(start)) return true;
  const lines = start.split(/\r?\n/, 40).filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  if (lines.length < 2 || !/^(- )?["']?[\w./ -]+["']?:(\s|$)/.test(lines[0]!)) return false;
  const keyed = lines.filter((line) => /^\s*(- )?["']?[\w./@ -]+["']?:(\s|$)/.test(line) || /^\s*- \S/.test(line));
  return keyed.length >= lines.length * 0.8;
}
