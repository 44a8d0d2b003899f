import { toWords } from '../normalise/words.js';
import type { TargetField } from './mappingTargets.js';
import { translatedHeadings } from './translatedHeadings.js';

/**
 * How sources name the fields: NetBox, ServiceNow, vCenter (RVTools), AWS, Azure, SCCM, Lansweeper, Device42, GLPI and plain
 * spreadsheets. Names as `toWords` writes them. The earlier a line, the surer: see `scores`.
 */
const targetSynonyms: Readonly<Record<TargetField, readonly [sure: string, likely: string, possible: string]>> = {
  name: [
    'name|device name|asset name|item name|server name|vm name|machine name|host name display|display name|ci name|resource name|instance name|tags.name|virtual machine|component name|application name|app name|system name|configuration item|cluster name',
    'item name|item|guest name|node|vm|device|server|machine|computer name|asset|node name|netbios name|netbios name 0|name 0|instance|resource|node|label|title|nom|geratename|bezeichnung|database name|service name|container name|object name',
    'hostname|host name|host|computer|system|application|service|ci',
  ],
  externalId: [
    'id|external id|asset id|device id|vm id|instance id|resource id|ci id|sys id|object id|uuid|vm uuid|unique id|guid|machine id|host id|server id|node id|arn|moid|mo ref|managed object id|instance uuid|smbios uuid|external key|source id|asset key',
    'asset tag|asset number|inventory number|ci number|number|correlation id|key|record id|entity id|computer id|cmdb id|self link',
    'serial|serial number|service tag|code|ref|reference',
  ],
  kind: [
    'kind|asset kind|asset type|device type|type|ci type|ci class|class|sys class name|resource type|category|asset class|object type|device category|machine type|u type',
    'role|device role|server role|system type|component type|config item type|entity type|node type|device class|vm type',
    'subcategory|model category|function|form factor|family',
  ],
  status: [
    'status|state|power state|powerstate|state.name|operational status|lifecycle status|asset status|device status|install status|vm status|instance state|lifecycle state|running state|hardware status|life cycle stage status|properties.extended.instance view.power state.code|properties.extended.instance view.power state.display status',
    'lifecycle|life cycle stage|availability|condition|operational state|active|is active|enabled|health status|ci status|substatus',
    'health|alive|online|running|connection state|in service',
  ],
  environment: [
    'environment|env|environment name|tags.environment|tags.env|used for|deployment environment|tags.environ',
    'stage|landscape|usage|tier name|tags.stage|system environment|env type|environment type|deploy env',
    'purpose|instance type purpose|zone type',
  ],
  department: [
    'department|dept|department name|business unit|bu|tags.department|tags.dept|tags.business unit|owning department|org unit|organizational unit name',
    'team|owner team|owning team|tags.team|cost center|cost centre|costcenter|tags.cost center|tags.costcenter|support group|assignment group|managed by group|tenant|division|owner group|organization|organisation|tenant name|abteilung',
    'group|company|customer|business service owner|unit|tenant group',
  ],
  criticality: [
    'criticality|business criticality|tags.criticality|asset criticality|busines criticality|importance|business impact',
    'priority|tier|service tier|sla tier|impact|risk level|tags.tier',
    'severity|sla|service level|rating|class of service',
  ],
  hostname: [
    'hostname|host name|fqdn|dns name|dns host name|dnsname|fully qualified domain name|primary dns name|full qualified domain name|private dns name|host fqdn|full name dns',
    'computer name|properties.os profile.computer name|netbios|resource names 0|node|public dns name|guest host name|dns',
    'host|server|machine',
  ],
  ipAddress: [
    'ip|ip address|ipaddress|ip addr|primary ip|primary ip address|primary ip4|primary ipv4|ipv4|ipv4 address|private ip address|private ip|management ip|mgmt ip|primary ip 4|ip addresses|ip addresses 0|guest ip|guest ip address|host ip',
    'address|primary ip6|ipv6|ipv6 address|public ip address|public ip|internal ip|ip v4|ip 1|network ip|lan ip',
    'external ip|vm ip|node ip|nic ip|adresse ip',
  ],
  operatingSystem: [
    'operating system|os|os name|platform|guest os|os version name|os full name|operating system name and version|operating system name and version 0|platform details|os according to the configuration file|os according to the vmware tools|properties.storage profile.os disk.os type|guest full name|os type|operatingsystem|caption 0|betriebssystem',
    'os version|os family|software platform|os description|properties.storage profile.image reference.offer|platform name|distribution|os distribution',
    'firmware|system software|os platform',
  ],
  ownerEmail: [
    'owner email|owner e mail|email owner|owner mail|tags.owner email|contact email|owner email address|business owner email|technical owner email|responsible email|asset owner email',
    'owner|email|e mail|mail|tags.owner|contact|business owner|technical owner|owned by|tags.contact|email address|support email|system owner|application owner|service owner|it owner',
    'managed by|assigned to|responsible|primary user|user|administrator|created by',
  ],
  tags: [
    'tags|tag|labels|label list|tag list|tags list',
    'keywords|categories|custom attributes|annotations',
    'groups',
  ],
  firstSeenAt: [
    'first seen|firstseen|first seen at|first discovered|first discovered at|discovered at|discovery date|creation date vm',
    'launch time|created|created at|creation date|creation time|created on|sys created on|install date|date created|time created|properties.time created|in service date|deployed at',
    'purchase date|commission date|provisioned at',
  ],
  lastSeenAt: [
    'last seen|last seen at|last discovered|most recent discovery|last discovered at|last scan|last scanned|last contact|last online|last heartbeat|last check in|last inventory|last logon timestamp|last scan time|last active time|last hardware scan|last logon date|last logon|lastlogondate|lastlogontimestamp|last device update|last ping date time|last activity|last reported|last sync date time|lastseen|last report time|last poll|last responded|last checkin',
    'last updated|updated|updated at|last update|sys updated on|last modified|modified|last changed|timestamp|last sync|last boot|modified at',
    'date|changed|update date',
  ],
  'dependency.host': [
    'esx host|esxi host|vm host|hypervisor host|parent host|physical host|host server|hosted on|virtualization host|host machine|placement.host id',
    'host|parent|parent device|parent server|chassis|enclosure|blade chassis|vcenter host',
    'server|node|machine|hypervisor',
  ],
  'dependency.cluster': [
    'cluster|cluster name|vm cluster|ha cluster|member of cluster|kubernetes cluster|failover cluster',
    'resource pool|host cluster|server farm|farm',
    'pool',
  ],
  'dependency.runsOn': [
    'runs on|running on|installed on|deployed on|server host|deployed to|hosted by',
    'host server name|target server|run on|installed on server|database server|on server|app server',
    'server|host|machine|node',
  ],
  'dependency.dependsOn': [
    'depends on|dependencies|dependency|depends|dependson|upstream|upstream dependencies|requires|required by this',
    'uses|consumes|relies on|upstream services|parent service|needs|used services',
    'related to|relationships|linked to',
  ],
  'dependency.connectedTo': [
    'connected to|connected device|connects to|connected switch|uplink device|switch name|peer device',
    'connection|uplink|neighbor|neighbour|peer|connected switch name',
    'linked to|switch|link',
  ],
  scope: ['namespace|metadata.namespace', '', ''],
  'dependency.hostedBy': ['hosted by service|platform service|hosted by::hosts', '', ''],
  'dependency.partOf': ['part of|member of system|component of', '', ''],
  'dependency.uses': ['uses service|uses database', '', ''],
  'dependency.backedUpBy': ['backed up by|backup server|backed up to', '', ''],
  'dependency.relatedTo': ['related asset|related assets|related ci|related cis', '', ''],
  'dependency.from': [
    'from device|from|source device|source|from asset|from name|device a|a device|side a device|termination a device|parent|from host|source host|source name|source asset|from ci|a side device|source ci|dependent|consumer|local device|from node|caller|termination a',
    'device 1|node a|endpoint a|a end|a side|child|client|source node|start|downstream|depends|source id|from id|device|local host|application',
    'asset|server|host|name|service',
  ],
  'dependency.to': [
    'to device|to|target device|target|to asset|to name|device b|b device|side b device|termination b device|destination|destination device|to host|target host|destination host|target name|target asset|to ci|b side device|target ci|dependency|depends on|provider|remote device|to node|callee|termination b|destination name',
    'device 2|node b|endpoint b|b end|b side|z end|z side|parent|server|target node|end|upstream|child|target id|to id|peer|neighbor|neighbour|remote host|connected to|runs on',
    'host|database|service',
  ],
  'dependency.kind': [
    'relationship|relationship type|relation|relation type|dependency type|dependency kind|connection type|link type|edge type|rel type',
    'type|kind|verb|predicate',
    'label|protocol',
  ],
};

/** Confidence of a name by the line of `targetSynonyms` that holds it. */
const scores = [0.95, 0.78, 0.5] as const;

const byName = new Map<string, Map<TargetField, number>>();
for (const [field, lines] of Object.entries(targetSynonyms) as [TargetField, readonly string[]][]) {
  lines.forEach((line, rank) => {
    for (const name of line.split('|').filter((each) => each !== '')) {
      const targets = byName.get(name) ?? new Map<TargetField, number>();
      if (!targets.has(field)) targets.set(field, scores[rank]!);
      byName.set(name, targets);
    }
  });
}

/** Of headings in other languages than English. The first of two that share a word is the surer one. */
const translatedScore = 0.9;
for (const [field, languages] of Object.entries(translatedHeadings) as [TargetField, Record<string, string>][]) {
  for (const heading of Object.values(languages).flatMap((line) => line.split('|'))) {
    const name = toWords(heading);
    const targets = byName.get(name) ?? new Map<TargetField, number>();
    if (!targets.has(field)) targets.set(field, translatedScore);
    byName.set(name, targets);
  }
}

/** The targets that a column name (as `toWords` writes it) may mean. */
export function targetsNamed(words: string): ReadonlyMap<TargetField, number> {
  return byName.get(words) ?? new Map();
}
