/** How the parts of a machine are called: its network interfaces, disks, partitions, drives and mount points. */
const parts: readonly RegExp[] = [
  // Interfaces of Linux, BSD and hypervisors.
  /^(?:eth|ens|eno|enp|enx|em|wlan|wlp|lo|bond|team|br|virbr|docker|veth|tun|tap|vlan|vmnic|vmk|vnet|vif|igb|ixgbe|ib)\d+[a-z\d]{0,12}(?:[.:@/]\w{1,12}){0,2}$/i,
  /^(?:lo|docker_gwbridge|loopback|mgmt|management|ipmi|idrac|ilo|bmc)\d{0,2}$/i,
  // Ports of switches: GigabitEthernet1/0/24, Gi0/1, ge-0/0/0.0, Port-channel10.
  /^(?:(?:hundred|forty|twentyfive|ten|five|two)?[a-z]{0,12}ethernet|fa|gi|te|tw|fo|hu|eth|po|port-?channel|ae|vlan|tunnel|serial|loopback)\s?\d+(?:\/\d+){0,3}(?:\.\d+)?$/i,
  /^(?:ge|xe|et|fe|so)-\d+\/\d+\/\d+(?::\d+)?(?:\.\d+)?$/i,
  /^(?:local area connection|ethernet|wi-?fi|network adapter|lan-verbindung)\*?(?:\s#?\d+)?$/i,
  // Disks and what is on them.
  /^(?:\/dev\/)?(?:[shv]d[a-z]{1,2}\d{0,3}|xvd[a-z]\d{0,3}|nvme\d+n\d+(?:p\d+)?|dm-\d+|sr\d|md\d+)$/i,
  /^(?:hard|virtual|physical)?\s?(?:disk|drive)\s#?\d+$/i,
  /^[a-z]:\\?$/i,
  // Where they are mounted.
  /^\/(?:[\w.-]+(?:\/[\w.-]+){0,6})?$/,
];

/** Whether most of these values are what parts of a machine are called, and so name no asset. */
export function looksLikeParts(values: readonly string[]): boolean {
  const found = values.filter((value) => parts.some((part) => part.test(value.trim())));
  return values.length > 0 && found.length >= values.length * 0.6;
}
