import { assetKinds, type AssetKind } from '@tributary/contracts/values';
import { memoise, toWords } from './words.js';

/** First match wins; each looks at words that stand alone. */
const rules: readonly (readonly [RegExp, AssetKind])[] = [
  [/^(ap|aps|wap|fw|lb|rtr|sw|ips|ids|waf|wlc|adc|pe|ce|spine|leaf|tor|oob)$/, 'NETWORK_DEVICE'],
  [/^(ws|pc|client|notebook|laptop|desktop|tablet|smartphone|mobile|thin client|monitor|scanner)s?$/, 'OTHER'],
  [
    /microsoft\.compute\/virtualmachines$|aws::ec2::instance|compute\.googleapis\.com\/instance|\bec2 instance\b|^ec2$/,
    'VIRTUAL_MACHINE',
  ],
  [/microsoft\.sql|microsoft\.dbfor|microsoft\.documentdb|aws::rds|aws::dynamodb|\brds\b/, 'DATABASE'],
  [/microsoft\.storage|microsoft\.compute\/disks|aws::s3|aws::ec2::volume|aws::efs/, 'STORAGE'],
  [/microsoft\.web\/sites/, 'APPLICATION'],
  [/microsoft\.container|aws::ecs|aws::eks/, 'CONTAINER'],
  [/loadbalancers?$|azurefirewalls|::loadbalancer/, 'NETWORK_DEVICE'],
  [/^microsoft\.|^aws::|googleapis\.com|^arn:/, 'CLOUD_RESOURCE'],
  [
    /\b(virtuelle maschine|machine virtuelle|maquina virtual|macchina virtuale|virtuele machine|maszyna wirtualna|virtualni stroj|virtuell maskin|virtuel maskine|sanal makine|virtual|virtual machine|virtual machines|vm|vms|virtual server|virtual guest|guest|vm instance|vmware virtual machine|qemu|lxc guest)\b|仮想マシン|仮想サーバ|虚拟机|虛擬機|가상머신|가상 머신|виртуальная машина/,
    'VIRTUAL_MACHINE',
  ],
  [
    /\b(router|routers|switch|switches|firewall|firewalls|load balancer|loadbalancer|gateway|access point|wireless|wlan|vpn|netgear|network|patch panel|modem|nat|bridge|sd wan|ips|ids|netzwerk|routeur|commutateur|pare feu|enrutador|conmutador|cortafuegos|roteador|comutador|netwerk|przelacznik|zapora|prepinac|smerovac|vaxel|brandvagg)\b|スイッチ|ルータ|ファイアウォール|交换机|路由器|防火墙|交換器|스위치|라우터|방화벽|коммутатор|маршрутизатор|межсетевой экран|yonlendirici|anahtar/,
    'NETWORK_DEVICE',
  ],
  [/\b(sql server|db instance|mssql|dbms|rdbms)\b/, 'DATABASE'],
  [
    /\b(storage|san|nas|disk array|filer|volume|bucket|backup appliance|tape library|lun|datastore|speicher|stockage|almacenamiento|armazenamento|archiviazione|opslag|lagring)\b|ストレージ|存储|儲存|스토리지|хранилище|схд/,
    'STORAGE',
  ],
  [
    /\b(servers?|esx|esxi|hypervisor|mainframe|blade|bare metal|physical|host|appliance|domain controller|serveurs?|servidor|servidores|serwer|serwery|servery|servrar|servere|sunucu|physischer server)\b|サーバ|服务器|伺服器|서버|сервер/,
    'SERVER',
  ],
  [
    /\b(database|databases|db|postgres|postgresql|mysql|mariadb|oracle|mongodb|redis|cassandra|elasticsearch|db2|datenbank|base de donnees|bases de donnees|base de datos|bases de datos|banco de dados|base de dados|baza danych|databaze|databas|database di dati|veritabani|dbinstance)\b|データベース|数据库|資料庫|데이터베이스|база данных|субд/,
    'DATABASE',
  ],
  [/\b(container|containers|pod|docker|kubernetes|k8s|deployment)\b/, 'CONTAINER'],
  [
    /\b(application|applications|app|appl|apps|software|website|web app|webapp|frontend|backend|anwendung|anwendungen|logiciel|aplicacion|aplicaciones|aplicacao|aplicativo|applicazione|applicatie|toepassing|aplikacja|aplikace|applikation|program|uygulama)\b|アプリ|应用|應用|어플리케이션|애플리케이션|приложение/,
    'APPLICATION',
  ],
  [
    /\b(services?|api|microservice|queue|daemon|dienst|servicio|servico|servizio|usluga|sluzba|tjanst|tjeneste|servis)\b|サービス|服务|서비스|сервис|служба/,
    'SERVICE',
  ],
  [/\b(cloud|lambda|function|subscription|vpc|resource group|saas|paas)\b/, 'CLOUD_RESOURCE'],
  [
    /^(other|misc|miscellaneous|unclassified|pdu|ups|rack|printer|camera|phone|sensor|workstation|work station|drucker|arbeitsplatz|poste de travail|imprimante|impresora|stampante|plc|tv|projector|ip phone|patch panel)s?$/,
    'OTHER',
  ],
];

/** The kind that a word or type name of any source means, or null when nothing is known about it. */
export const readAssetKind: (text: string) => AssetKind | null = memoise((text) => {
  const exact = text.toUpperCase().replace(/[\s-]+/g, '_') as AssetKind;
  if (assetKinds.includes(exact)) return exact;
  const lower = text.toLowerCase().replace(/^cmdb_ci_/, '');
  const words = toWords(text).replace(/^cmdb ci /, '');
  if (/\b(workstation|laptop|desktop|notebook)s?\b/.test(words) && !/\bserver\b/.test(words)) return 'OTHER';
  return rules.find(([pattern]) => pattern.test(lower) || pattern.test(words))?.[1] ?? null;
});

/** What an operating system says about the thing that runs it. */
export const kindOfOperatingSystem: (text: string) => AssetKind | null = memoise((text) => {
  if (
    /\b(ios|ios[- ]?x[er]|nx-?os|junos|eos|pan-?os|fortios|routeros|arubaos|asa|screenos|big-?ip|edgeos|vyos|ftos|comware)\b/i.test(
      text,
    )
  )
    return 'NETWORK_DEVICE';
  if (/\b(ontap|data ontap|truenas|freenas|synology|dsm|purity)\b/i.test(text)) return 'STORAGE';
  // What people sit in front of is no server.
  if (/\bwin(dows)?[ -]?(xp|vista|7|8|8\.1|10|11)\b(?!.*server)|mac ?os|os x\b|chrome ?os/i.test(text)) return 'OTHER';
  if (looksLikeOperatingSystem(text)) return 'SERVER';
  return null;
});

export function looksLikeOperatingSystem(text: string): boolean {
  return /windows|^win \d|linux|ubuntu|debian|red ?hat|rhel|centos|rocky|alma|suse|sles|fedora|esxi|solaris|aix|hp-ux|bsd|mac ?os|cisco ios|nx-?os|junos|eos|pan-?os|fortios|z\/os|unix/i.test(
    text,
  );
}
