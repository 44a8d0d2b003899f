import { toWords } from '../normalise/words.js';
import { targetsNamed } from './targetSynonyms.js';

/** Words that head a column of an inventory although no field takes it. */
const otherHeadings = new Set(
  (
    'notes|note|comment|comments|description|manufacturer|vendor|model|serial number|serial|location|site|rack|cpu|cpus|memory|ram|disk|mac|' +
    'mac address|vlan|subnet|region|zone|version|domain|user|username|size|port|protocol|bemerkung|beschreibung|hersteller|standort|' +
    'seriennummer|arbeitsspeicher|festplatte|firma|fabricant|emplacement|numero de serie|memoire|fabricante|ubicacion|memoria|disco|' +
    'produttore|posizione|fabrikant|locatie|producent|lokalizacja|vyrobce|umisteni|tillverkare|plats|producent|placering|備考|メーカー|' +
    '設置場所|型番|メモリ|备注|厂商|位置|型号|内存|硬盘|機房|비고|제조사|위치|모델|메모리|описание|производитель|расположение|память|aciklama|uretici|konum|bellek'
  )
    .split('|')
    .map(toWords),
);

/** Whether a cell is a word that heads columns, in any of our languages. */
export function isKnownHeading(cell: string): boolean {
  const words = toWords(cell.replace(/\s*[([][^)\]]*[)\]]\s*/g, ' '));
  return words !== '' && words.length <= 60 && (targetsNamed(words).size > 0 || otherHeadings.has(words));
}
