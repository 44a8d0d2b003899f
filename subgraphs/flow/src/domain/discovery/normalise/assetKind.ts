import { assetKinds, type AssetKind } from '@tributary/contracts/values';
import { memoise, toWords } from './words.js';

/** First match wins; each looks at words that stand alone. */
const rules: readonly (readonly [RegExp, AssetKind])[] = [
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
    /\b(virtual machine|virtual machines|vm|vms|virtual server|virtual guest|guest|vm instance|vmware virtual machine|qemu|lxc guest)\b/,
    'VIRTUAL_MACHINE',
  ],
  [
    /\b(router|routers|switch|switches|firewall|firewalls|load balancer|loadbalancer|gateway|access point|wireless|wlan|vpn|netgear|network|patch panel|modem|nat|bridge|sd wan|ips|ids)\b/,
    'NETWORK_DEVICE',
  ],
  [/\b(sql server|db instance|mssql|dbms|rdbms)\b/, 'DATABASE'],
  [/\b(storage|san|nas|disk array|filer|volume|bucket|backup appliance|tape library|lun|datastore)\b/, 'STORAGE'],
  [
    /\b(servers?|esx|esxi|hypervisor|mainframe|blade|bare metal|physical|host|appliance|workstation|domain controller)\b/,
    'SERVER',
  ],
  [
    /\b(database|databases|db|postgres|postgresql|mysql|mariadb|oracle|mongodb|redis|cassandra|elasticsearch|db2)\b/,
    'DATABASE',
  ],
  [/\b(container|containers|pod|docker|kubernetes|k8s|deployment)\b/, 'CONTAINER'],
  [/\b(application|applications|app|appl|apps|software|website|web app|webapp|frontend|backend)\b/, 'APPLICATION'],
  [/\b(services?|api|microservice|endpoint|queue|daemon)\b/, 'SERVICE'],
  [/\b(cloud|lambda|function|subscription|vpc|resource group|saas|paas)\b/, 'CLOUD_RESOURCE'],
  [/^(other|misc|miscellaneous|unclassified|pdu|ups|rack|printer|camera|phone|sensor)$/, 'OTHER'],
];

/** The kind that a word or type name of any source means, or null when nothing is known about it. */
export const readAssetKind: (text: string) => AssetKind | null = memoise((text) => {
  const exact = text.toUpperCase().replace(/[\s-]+/g, '_') as AssetKind;
  if (assetKinds.includes(exact)) return exact;
  const lower = text.toLowerCase().replace(/^cmdb_ci_/, '');
  const words = toWords(text).replace(/^cmdb ci /, '');
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
  if (looksLikeOperatingSystem(text)) return 'SERVER';
  return null;
});

export function looksLikeOperatingSystem(text: string): boolean {
  return /windows|linux|ubuntu|debian|red ?hat|rhel|centos|rocky|alma|suse|sles|fedora|esxi|solaris|aix|hp-ux|bsd|mac ?os|cisco ios|nx-?os|junos|eos|pan-?os|fortios|z\/os|unix/i.test(
    text,
  );
}
